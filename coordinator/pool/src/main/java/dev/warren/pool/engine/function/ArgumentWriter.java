package dev.warren.pool.engine.function;

import dev.warren.broker.Broker;
import dev.warren.json.LineBuffer;
import dev.warren.json.ValueException;
import dev.warren.json.ValueWriter;
import dev.warren.json.Values;
import dev.warren.task.Payload;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the arguments of a function as a JSON array on one line. Refuses values that JSON cannot
 * carry, and arguments that are too large to send; after a refusal the buffer is unchanged.
 * Immutable; thread-safe.
 */
public final class ArgumentWriter {
  private static final int USUAL_BYTES = 24;

  private final int mostBytes;
  private final String name;
  private final boolean strictly;
  private final ValueWriter[] writers;
  // the parameter's primitive type, to which Java would widen a value; null for any other type
  private final @Nullable Class<?>[] primitives;

  /**
   * Creates a writer for a function's arguments.
   *
   * @param mostBytes the broker's maximum body size
   * @param name the function's name, for messages
   * @param parameters types that the arguments are read as
   * @param strictly whether they will be read strictly
   */
  public ArgumentWriter(
      int mostBytes, String name, Values values, List<Type> parameters, boolean strictly) {
    this.mostBytes = mostBytes;
    this.name = name;
    this.strictly = strictly;
    this.writers = new ValueWriter[parameters.size()];
    this.primitives = new Class<?>[parameters.size()];
    for (int i = 0; i < writers.length; i++) {
      Type parameter = parameters.get(i);
      writers[i] = values.writer(values.type(parameter));
      primitives[i] =
          parameter instanceof Class<?> type && type.isPrimitive() && type != boolean.class
              ? type
              : null;
    }
  }

  /** Creates a writer for arguments that are already JSON. */
  public static ArgumentWriter ofJson(int mostBytes) {
    return new ArgumentWriter(mostBytes, "", Values.standard(), List.of(), true);
  }

  /**
   * Returns the JSON array of these arguments.
   *
   * @throws IllegalArgumentException naming the argument that cannot be written, or the size and
   *     its limit
   */
  public Payload line(@Nullable Object... args) {
    LineBuffer line = new LineBuffer(USUAL_BYTES, Integer.MAX_VALUE);
    write(line, args);
    return line.toPayload();
  }

  /**
   * Appends the JSON array of these arguments to {@code line}.
   *
   * @throws IllegalArgumentException as for {@link #line}
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
   * Appends the JSON array of one argument to {@code line}.
   *
   * @throws IllegalArgumentException as for {@link #line}
   */
  public void writeOne(@Nullable Object arg, LineBuffer line) {
    long start = line.size();
    line.write('[');
    write(line, start, 1, arg);
    line.write(']');
    check(line, start);
  }

  /**
   * Appends arguments that are already JSON to {@code line}.
   *
   * @throws IllegalArgumentException if they are not an array on one line, or are too large
   */
  public void copy(Payload json, LineBuffer line) {
    if (json.length() < 2 || json.at(0) != '[' || json.at(json.length() - 1) != ']') {
      throw new IllegalArgumentException("the arguments of a call must be a JSON array: " + json);
    }
    if (json.indexOf((byte) '\n', 0) >= 0) {
      throw new IllegalArgumentException("the arguments of a call must be on one line: " + json);
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
              + " bytes as JSON; the broker accepts at most "
              + (mostBytes - Broker.BODY_MARGIN)
              + ": pass a reference to the data instead");
    }
  }

  private void write(LineBuffer line, long start, int number, @Nullable Object given) {
    if (number > writers.length) {
      line.truncate(start);
      throw new IllegalArgumentException(
          name + " takes " + writers.length + " arguments; it was given more");
    }
    Class<?> primitive = primitives[number - 1];
    Object value = primitive == null ? given : Widened.to(primitive, given);
    try {
      writers[number - 1].write(value, line, strictly);
    } catch (ValueException e) {
      line.truncate(start);
      throw new IllegalArgumentException(
          "argument " + number + " of " + name + ", " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      line.truncate(start);
      throw e;
    }
  }
}
