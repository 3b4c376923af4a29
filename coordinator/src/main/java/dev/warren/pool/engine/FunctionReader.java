package dev.warren.pool.engine;

import dev.warren.task.Payload;
import dev.warren.wire.Json;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;

/**
 * From a function to its name: reads which method a lambda or method reference stands for, so that
 * it can travel. (A child goes the other way, see FunctionFinder.) Thread-safe. What it learns of a
 * lambda's class is kept with that class; captured values are read anew each time.
 */
public final class FunctionReader {
  private static final ClassValue<AtomicReference<@Nullable FunctionForm>> FORMS =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable FunctionForm> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  private FunctionReader() {}

  /**
   * Reads a function.
   *
   * @param name of the argument it came as, for messages
   * @throws IllegalArgumentException if it is not a lambda or method reference, or captures what
   *     cannot travel; the message says what was captured
   */
  public static ReadFunction read(String name, Serializable fn) {
    if (fn == null) {
      throw new IllegalArgumentException(name + " is null; must be a method reference or a lambda");
    }
    Class<?> type = fn.getClass();
    AtomicReference<@Nullable FunctionForm> known = FORMS.get(type);
    FunctionForm form = known.get();
    if (form != null && form.withoutCaptured() != null) {
      return form.withoutCaptured();
    }
    SerializedLambda lambda = serialized(name, fn);
    if (form == null) {
      form = FunctionForm.of(name, lambda, type.getClassLoader());
      if (type.isHidden()) {
        known.set(form);
      }
    }
    ReadFunction plain = form.withoutCaptured();
    return plain != null ? plain : form.with(captured(name, lambda, form));
  }

  private static SerializedLambda serialized(String name, Serializable fn) {
    Class<?> type = fn.getClass();
    try {
      Method writeReplace = type.getDeclaredMethod("writeReplace");
      writeReplace.setAccessible(true);
      if (writeReplace.invoke(fn) instanceof SerializedLambda lambda) {
        return lambda;
      }
      throw notALambda(name, type, null);
    } catch (NoSuchMethodException e) {
      throw notALambda(name, type, e);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException(name + " cannot be read: " + e, e);
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          name
              + " cannot be read: its module must open package "
              + type.getPackageName()
              + " to Warren",
          e);
    }
  }

  private static IllegalArgumentException notALambda(
      String name, Class<?> type, @Nullable Exception cause) {
    return new IllegalArgumentException(
        name
            + " is an object of "
            + type.getName()
            + "; must be a method reference or a lambda, because functions travel by name",
        cause);
  }

  private static Payload captured(String name, SerializedLambda lambda, FunctionForm form) {
    StringBuilder array = new StringBuilder("[");
    for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
      Object value = lambda.getCapturedArg(i);
      array.append(i == 0 ? "" : ",").append(form.captured(name, i, value));
    }
    return Payload.of(array.append(']').toString());
  }

  /** JSON of a captured value that can be read again as {@code type}; refuses any other. */
  static String travelling(String what, @Nullable Object value, JavaType type) {
    String found = value == null ? "null" : value.getClass().getName();
    try {
      String json = Json.MAPPER.writeValueAsString(value);
      if (!simple(value)) {
        Object back = Json.MAPPER.readerFor(type).readValue(json);
        if (back == null && value != null) {
          throw new IllegalArgumentException(what + " of type " + found + " reads back as null");
        }
      }
      return json.replace('\n', ' ');
    } catch (JacksonException | StackOverflowError e) {
      throw new IllegalArgumentException(
          what
              + ", a "
              + found
              + ", which cannot be written as JSON and read again: "
              + reason(e)
              + ". Capture plain values, or pass it as an argument",
          e);
    }
  }

  /** In one line: without the place in a text that the user has never seen. */
  static String reason(Throwable e) {
    return e instanceof JacksonException json
        ? json.getOriginalMessage().replace('\n', ' ')
        : String.valueOf(e.getMessage());
  }

  private static boolean simple(@Nullable Object value) {
    return value == null
        || value instanceof String
        || (value instanceof Number && value.getClass().getName().startsWith("java.lang."))
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum<?>;
  }
}
