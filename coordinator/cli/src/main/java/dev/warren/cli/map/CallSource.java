package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.jobs.spec.InputLines;
import dev.warren.jobs.spec.LineCheck;
import dev.warren.jobs.spec.LineException;
import dev.warren.jobs.spec.LineMode;
import dev.warren.json.Json;
import dev.warren.task.Payload;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Supplies the input to the pool: one JSON array of arguments per line; each line is checked first.
 * Read by one thread; {@link #failure()} may be called by another.
 *
 * <p>An invalid line, or an unreadable input, ends the iteration like the end of the file; {@link
 * #failure()} then returns the reason.
 */
final class CallSource implements Iterator<Payload> {
  private final InputLines lines;
  private final String name;
  private final int arity;
  private final boolean plain;
  private final LineCheck check;
  private final FinishedCalls finished;
  private final CallsInFlight inFlight;
  private final AtomicReference<@Nullable CommandFailure> failure = new AtomicReference<>();
  private @Nullable Payload ahead;
  private boolean ended;
  private long order;

  /**
   * Creates a source.
   *
   * @param name the input's name, for messages
   * @param arity number of arguments of each call; at least 1
   * @param plain whether a line is a string rather than JSON
   * @param finished calls that are left out
   * @param inFlight receives each call
   */
  CallSource(
      InputLines lines,
      String name,
      int arity,
      boolean plain,
      FinishedCalls finished,
      CallsInFlight inFlight) {
    this.finished = finished;
    this.inFlight = inFlight;
    this.lines = lines;
    this.name = name;
    this.arity = arity;
    this.plain = plain;
    this.check = new LineCheck(plain ? LineMode.TEXT : LineMode.JSON, arity);
  }

  @Override
  public boolean hasNext() {
    if (ahead == null && !ended) {
      try {
        ahead = unfinished();
      } catch (CommandFailure e) {
        failure.set(e);
      } catch (IOException e) {
        failure.set(
            new CommandFailure(ExitCode.USAGE, "cannot read " + name + ": " + e.getMessage(), e));
      }
      ended = ahead == null;
    }
    return ahead != null;
  }

  /** Returns the arguments of the next call that is not finished; null at the end of the input. */
  private @Nullable Payload unfinished() throws IOException {
    for (Payload line = lines.next(); line != null; line = lines.next()) {
      long index = lines.number() - 1;
      check(line);
      Payload json = plain ? Json.write(line.text()) : line;
      if (!finished.has(index, json)) {
        inFlight.add(order++, index, json);
        return arity > 1 ? json : array(json);
      }
    }
    finished.checkEnd(lines.number());
    return null;
  }

  @Override
  public Payload next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    Payload next = ahead;
    ahead = null;
    return next;
  }

  /** Why the input ended early; null if it did not. */
  @Nullable CommandFailure failure() {
    return failure.get();
  }

  private static Payload array(Payload line) {
    byte[] array = new byte[line.length() + 2];
    array[0] = '[';
    System.arraycopy(line.array(), line.offset(), array, 1, line.length());
    array[array.length - 1] = ']';
    return Payload.of(array);
  }

  private void check(Payload line) {
    try {
      check.check(line);
    } catch (LineException e) {
      String hint = e.mayBeText() ? " (--lines takes lines as plain strings)" : "";
      throw new CommandFailure(ExitCode.USAGE, here() + " " + e.getMessage() + hint, e);
    }
  }

  private String here() {
    return name + " line " + lines.number();
  }
}
