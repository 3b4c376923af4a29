package dev.warren.json;

import dev.warren.json.shape.Comparison;
import dev.warren.json.shape.Difference;
import dev.warren.json.shape.Platform;
import dev.warren.json.shape.Shape;
import dev.warren.task.Payload;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.exc.InvalidDefinitionException;

/**
 * Writes values that will be read as one type, and refuses values that would not come back
 * unchanged: unless its {@link Shape} proves that a value is safe, it is read again and compared.
 * Thread-safe; runs the values' getters, and constructors and setters of their classes.
 */
public final class ValueWriter {
  private final Values values;
  private final JavaType type;
  private final ObjectWriter writer;
  private final ValueReader strict;
  private final ValueReader lax;
  private final Shape shape;
  // the class of plain numbers and text, which need no shape check; null for other types
  private final @Nullable Class<?> scalar;
  private final boolean plainNull;

  ValueWriter(Values values, JavaType type) {
    this.values = values;
    this.type = type;
    // A container is written by its declared type, which may carry type ids for its elements.
    // Anything
    // else is written by its own class, which may have more properties than the declared one.
    this.writer =
        type.isContainerType() || type.isReferenceType()
            ? values.mapper(true).writerFor(type)
            : values.mapper(true).writer();
    this.strict = values.reader(type, true);
    this.lax = values.reader(type, false);
    Class<?> raw = type.getRawClass();
    this.scalar = Scalars.reads(raw) ? Scalars.boxed(raw) : null;
    this.shape = values.isStandard() || scalar != null ? values.shapes().of(type) : Shape.UNKNOWN;
    this.plainNull = ValueReader.isPlainNull(type);
  }

  /**
   * Writes a value on one line. After a refusal the buffer has trailing garbage: truncate it.
   *
   * @param strictly whether it will be read strictly
   * @throws ValueException if the value cannot be written, or would not come back unchanged
   */
  public void write(@Nullable Object value, LineBuffer out, boolean strictly) {
    long start = out.size();
    if (Scalars.write(value, out)) {
      if (value == null ? plainNull : value.getClass() == scalar || shape.carries(value, 0)) {
        return;
      }
      out.truncate(start);
    }
    boolean known = carries(value);
    try {
      writer.writeValue(out, value);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw refused(value, e);
    }
    if (!known && !out.overflowed()) {
      out.replace(start, (byte) '\n', (byte) ' ');
      compare(value, out, start, strictly);
    }
  }

  private boolean carries(@Nullable Object value) {
    try {
      return value != null && shape.carries(value, 0);
    } catch (RuntimeException | StackOverflowError e) {
      // the collection throws, or another thread is changing it: writing it will report that
      return false;
    }
  }

  private void compare(@Nullable Object value, LineBuffer out, long start, boolean strictly) {
    Object back;
    try {
      Payload json = Payload.of(out.array(), (int) start, (int) (out.size() - start));
      back = (strictly ? strict : lax).read(json);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw unreadable(value, e);
    }
    Difference difference;
    try {
      difference = new Comparison(values.fields()).between(value, back);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw new ValueException(
          "", what(value) + " cannot be compared with its copy: " + reason(e), e);
    }
    if (difference != null) {
      throw different(value, difference);
    }
  }

  private static ValueException different(@Nullable Object value, Difference difference) {
    String path = difference.path();
    return new ValueException(
        path,
        what(value)
            + " is not carried by JSON: "
            + (path.isEmpty() ? "it" : path)
            + " "
            + difference.what()
            + "; "
            + difference.remedy(),
        null);
  }

  private ValueException refused(@Nullable Object value, Throwable why) {
    return new ValueException(
        path(why), what(value) + " cannot be written as JSON" + at(why) + ": " + reason(why), why);
  }

  private ValueException unreadable(@Nullable Object value, Throwable why) {
    return new ValueException(
        path(why),
        what(value)
            + " is not carried by JSON: it can be written, but not read as "
            + typeName()
            + at(why)
            + ": "
            + reason(why)
            + remedy(value, why),
        why);
  }

  private String remedy(@Nullable Object value, Throwable why) {
    Class<?> found = value == null ? type.getRawClass() : value.getClass();
    if (found != type.getRawClass() && !type.isContainerType() && !Platform.has(found)) {
      return "; declare " + found.getTypeName() + Comparison.OR_ANNOTATE;
    }
    if (!(why instanceof InvalidDefinitionException undefined) || why.getCause() != null) {
      return "; write it in a form that its class can read, or annotate it";
    }
    JavaType unread = undefined.getType();
    return unread != null && unread.isAbstract()
        ? "; declare a concrete class" + Comparison.OR_ANNOTATE
        : "; make it a record, or add a no-argument constructor, getters and setters, or"
            + " annotate its constructor with @JsonCreator";
  }

  private static String what(@Nullable Object value) {
    return "a " + Comparison.name(value);
  }

  private String typeName() {
    return type.toCanonical();
  }

  private static String path(Throwable why) {
    return why instanceof JacksonException json ? Reasons.path(json) : "";
  }

  private static String at(Throwable why) {
    String path = path(why);
    return path.isEmpty() ? "" : " at " + path;
  }

  private static String reason(Throwable why) {
    return Reasons.of(why);
  }
}
