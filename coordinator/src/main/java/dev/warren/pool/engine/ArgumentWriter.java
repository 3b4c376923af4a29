package dev.warren.pool.engine;

import dev.warren.task.Payload;
import dev.warren.wire.Json;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Makes arguments a JSON array on one line, and refuses what cannot be written or is too large to
 * send. Stateless; thread-safe.
 */
public final class ArgumentWriter {
  /** Left of the broker's limit for what surrounds the arguments. */
  static final int MARGIN = 64 * 1024;

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
  public Payload write(@Nullable Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    out.write('[');
    for (int i = 0; i < args.length; i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(written("argument " + (i + 1), args[i]));
    }
    out.write(']');
    return checked(Payload.of(out.toByteArray()));
  }

  /**
   * The array of one argument.
   *
   * @throws IllegalArgumentException as {@link #write}
   */
  public Payload writeOne(@Nullable Object arg) {
    byte[] json = written("argument 1", arg);
    byte[] line = new byte[json.length + 2];
    line[0] = '[';
    System.arraycopy(json, 0, line, 1, json.length);
    line[line.length - 1] = ']';
    return checked(Payload.of(line));
  }

  /**
   * Arguments that are JSON already.
   *
   * @throws IllegalArgumentException where they are no array on one line, or too large
   */
  public Payload checkedArray(Payload json) {
    if (json.length() < 2 || json.at(0) != '[' || json.at(json.length() - 1) != ']') {
      throw new IllegalArgumentException("the arguments of a call must be a JSON array: " + json);
    }
    if (json.indexOf((byte) '\n', 0) >= 0) {
      throw new IllegalArgumentException("the arguments of a call must stand on one line: " + json);
    }
    return checked(json);
  }

  private Payload checked(Payload line) {
    if (line.length() > mostBytes - MARGIN) {
      throw new IllegalArgumentException(
          "the arguments are "
              + line.length()
              + " bytes as JSON; the broker takes at most "
              + (mostBytes - MARGIN)
              + ": pass a reference to the data instead");
    }
    return line;
  }

  private static byte[] written(String name, @Nullable Object value) {
    try {
      byte[] json = Json.MAPPER.writeValueAsBytes(value);
      for (int i = 0; i < json.length; i++) {
        if (json[i] == '\n') {
          // legal between tokens only, so a space means the same
          json[i] = ' ';
        }
      }
      return json;
    } catch (JacksonException | StackOverflowError e) {
      String type = value == null ? "null" : value.getClass().getName();
      throw new IllegalArgumentException(
          name + " cannot be written as JSON: it is a " + type + ": " + FunctionReader.reason(e),
          e);
    }
  }
}
