package dev.warren.lifecycle;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A state that changes only along declared transitions. Thread-safe: if several threads try the
 * same transition, exactly one succeeds.
 */
public final class StateMachine<S extends Enum<S>> {
  private final String name;
  private final Map<S, Set<S>> edges;
  private final AtomicReference<S> state;

  private StateMachine(String name, S initial, Map<S, Set<S>> edges) {
    this.name = name;
    this.edges = edges;
    this.state = new AtomicReference<>(initial);
  }

  /** Starts the description of a machine; {@code name} is used in its error messages. */
  public static <S extends Enum<S>> Builder<S> named(String name, Class<S> states) {
    return new Builder<>(name, states);
  }

  public S get() {
    return Objects.requireNonNull(state.get());
  }

  public boolean is(S wanted) {
    return state.get() == wanted;
  }

  /** Changes to {@code next} if the present state has that transition; returns whether it did. */
  public boolean tryGo(S next) {
    while (true) {
      S now = get();
      if (!edges.getOrDefault(now, Set.of()).contains(next)) {
        return false;
      }
      if (state.compareAndSet(now, next)) {
        return true;
      }
    }
  }

  /**
   * Changes to {@code next}.
   *
   * @throws IllegalStateException if the present state has no such transition
   */
  public void go(S next) {
    if (!tryGo(next)) {
      throw new IllegalStateException(name + " cannot go from " + get() + " to " + next);
    }
  }

  @Override
  public String toString() {
    return name + " " + get();
  }

  /** Collects transitions. Not thread-safe. */
  public static final class Builder<S extends Enum<S>> {
    private final String name;
    private final Class<S> states;
    private final Map<S, Set<S>> edges;

    private Builder(String name, Class<S> states) {
      this.name = name;
      this.states = states;
      this.edges = new EnumMap<>(states);
    }

    /** Allows the transition from {@code from} to {@code to}. */
    public Builder<S> edge(S from, S to) {
      edges.computeIfAbsent(from, s -> EnumSet.noneOf(states)).add(to);
      return this;
    }

    public StateMachine<S> startingAt(S initial) {
      return new StateMachine<>(name, initial, edges);
    }
  }
}
