package dev.warren.meter;

import dev.warren.lifecycle.Logs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.slf4j.Logger;

/**
 * The instruments of one worker or one pool. Parts of a program get it by constructor, resolve
 * their instruments once and use them; whoever shows the values reads it. Thread-safe.
 */
public final class Meters {
  private static final Logger log = Logs.of(Meters.class);

  private final Table table;
  private final Set<Meter> hidden;

  /** Creates meters without instruments. */
  public Meters() {
    this(new Table(), Set.of());
  }

  private Meters(Table table, Set<Meter> hidden) {
    this.table = table;
    this.hidden = hidden;
  }

  /**
   * The same meters for a part of which these are not shown, because another part has counted the
   * same events.
   */
  public Meters without(Meter... meters) {
    return new Meters(table, Set.of(meters));
  }

  /** Returns the counter with these values of the labels; creates it if there is none. */
  public Counter counter(Meter meter, String... labels) {
    return instrument(Counter.class, meter, List.of(labels), Counter::new);
  }

  /** Returns the counters of a meter whose only label is an enum. */
  public <E extends Enum<E>> EnumCounters<E> counters(Meter meter, Class<E> type) {
    return new EnumCounters<>(this, meter, type);
  }

  /** Returns the histogram with these values of the labels; creates it if there is none. */
  public Histogram histogram(Meter meter, String... labels) {
    return instrument(Histogram.class, meter, List.of(labels), Histogram::new);
  }

  /**
   * Sets how a value is computed.
   *
   * @param source called on threads that read; must not block for long
   */
  public void gauge(Meter meter, DoubleSupplier source, String... labels) {
    instrument(Gauge.class, meter, List.of(labels), (m, values) -> new Gauge(m, values, source))
        .source(source);
  }

  private <T extends Instrument> T instrument(
      Class<T> type, Meter meter, List<String> labels, Maker<T> maker) {
    return hidden.contains(meter)
        ? maker.make(meter, labels)
        : type.cast(table.get(new Key(meter, labels), key -> maker.make(meter, labels)));
  }

  /** All instruments so far, in the order of their creation. */
  public List<Instrument> instruments() {
    return table.all();
  }

  /** Gives each instrument, present and future, once, until the result is closed. */
  public Watch watch(Consumer<Instrument> watcher) {
    table.add(watcher);
    return () -> table.remove(watcher);
  }

  /** Ends when it is closed. */
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  @FunctionalInterface
  private interface Maker<T> {
    T make(Meter meter, List<String> labels);
  }

  private record Key(Meter meter, List<String> labels) {}

  private static final class Table {
    private final Map<Key, Instrument> instruments = new LinkedHashMap<>();
    private final List<Consumer<Instrument>> watchers = new ArrayList<>();

    synchronized Instrument get(Key key, Function<Key, Instrument> maker) {
      Instrument known = instruments.get(key);
      if (known != null) {
        return known;
      }
      Instrument made = maker.apply(key);
      instruments.put(key, made);
      watchers.forEach(watcher -> tell(watcher, made));
      return made;
    }

    /** What is counted must not fail because a registry refuses its meter. */
    private static void tell(Consumer<Instrument> watcher, Instrument made) {
      try {
        watcher.accept(made);
      } catch (RuntimeException e) {
        log.warn("the meter {} cannot be shown; it is counted", made.meter().name(), e);
      }
    }

    synchronized List<Instrument> all() {
      return List.copyOf(instruments.values());
    }

    synchronized void add(Consumer<Instrument> watcher) {
      instruments.values().forEach(watcher);
      watchers.add(watcher);
    }

    synchronized void remove(Consumer<Instrument> watcher) {
      watchers.remove(watcher);
    }
  }
}
