package dev.warren.pool.engine;

import dev.warren.broker.Broker;
import dev.warren.task.Payload;
import dev.warren.wire.Json;
import dev.warren.wire.LineBuffer;
import dev.warren.wire.Scalars;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Makes arguments a JSON array on one line, and refuses what cannot be written or is too large to
 * send; a refusal leaves the line's buffer as it was. Stateless; thread-safe.
 */
public final class ArgumentWriter {
  private static final int USUAL_BYTES = 24;

  private final int mostBytes;

  /**
   * A writer.
   *
   * @param mostBytes the broker's largest body
   */
  public ArgumentWriter(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * The array of these arguments.
   *
   * @throws IllegalArgumentException naming the argument that cannot be written, or both sizes
   */
  public Payload line(@Nullable Object... args) {
    LineBuffer line = new LineBuffer(USUAL_BYTES, Integer.MAX_VALUE);
    write(line, args);
    return line.toPayload();
  }

  /**
   * Writes the array of these arguments.
   *
   * @throws IllegalArgumentException as {@link #line}
   */
  public void write(LineBuffer line, @Nullable Object... args) {
    long start = line.size();
    line.write('[');
    for (int i = 0; i < args.length; i++) {
      if (i > 0) {
        line.write(',');
      }
      write(line, start, i + 1, args[i]);
    }
    line.write(']');
    check(line, start);
  }

  /**
   * Writes the array of one argument.
   *
   * @throws IllegalArgumentException as {@link #line}
   */
  public void writeOne(@Nullable Object arg, LineBuffer line) {
    long start = line.size();
    line.write('[');
    write(line, start, 1, arg);
    line.write(']');
    check(line, start);
  }

  /**
   * Writes arguments that are JSON already.
   *
   * @throws IllegalArgumentException where they are no array on one line, or too large
   */
  public void copy(Payload json, LineBuffer line) {
    if (json.length() < 2 || json.at(0) != '[' || json.at(json.length() - 1) != ']') {
      throw new IllegalArgumentException("the arguments of a call must be a JSON array: " + json);
    }
    if (json.indexOf((byte) '\n', 0) >= 0) {
      throw new IllegalArgumentException("the arguments of a call must stand on one line: " + json);
    }
    long start = line.size();
    line.write(json);
    check(line, start);
  }

  private void check(LineBuffer line, long start) {
    long length = line.size() - start;
    if (length > mostBytes - Broker.BODY_MARGIN) {
      line.truncate(start);
      throw new IllegalArgumentException(
          "the arguments are "
              + length
              + " bytes as JSON; the broker takes at most "
              + (mostBytes - Broker.BODY_MARGIN)
              + ": pass a reference to the data instead");
    }
  }

  private static void write(LineBuffer line, long start, int number, @Nullable Object value) {
    if (Scalars.write(value, line)) {
      return;
    }
    int from = (int) line.size();
    try {
      Json.MAPPER.writeValue(line, value);
    } catch (JacksonException | StackOverflowError e) {
      line.truncate(start);
      String type = value == null ? "null" : value.getClass().getName();
      throw new IllegalArgumentException(
          "argument "
              + number
              + " cannot be written as JSON: it is a "
              + type
              + ": "
              + FunctionReader.reason(e),
          e);
    } catch (RuntimeException | Error e) {
      line.truncate(start);
      throw e;
    }
    byte[] bytes = line.array();
    for (int i = from; i < line.size(); i++) {
      if (bytes[i] == '\n') {
        // legal between tokens only, so a space means the same
        bytes[i] = ' ';
      }
    }
  }
}
