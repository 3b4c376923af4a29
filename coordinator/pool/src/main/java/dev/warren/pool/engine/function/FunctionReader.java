package dev.warren.pool.engine.function;

import dev.warren.json.LineBuffer;
import dev.warren.json.Values;
import dev.warren.task.NamedFunction;
import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Finds the name of a function: the method behind a lambda or method reference, so that it can be
 * sent. (FunctionFinder in the child does the reverse.) Thread-safe. What it learns about a
 * lambda's class is cached with that class; captured values are read each time.
 */
public final class FunctionReader {
  private static final ClassValue<AtomicReference<@Nullable FunctionForm>> FORMS =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable FunctionForm> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  /** The parameters of a function of which only the name is known. */
  private static final List<Type> ANY_ARGUMENTS = Collections.<Type>nCopies(4, Object.class);

  private FunctionReader() {}

  /**
   * Reads a function.
   *
   * @param name the argument's name, for messages
   * @param values converts captured values
   * @throws IllegalArgumentException if {@code fn} is not a lambda or method reference, or captures
   *     a value that cannot be sent; the message names the value
   */
  public static ReadFunction read(String name, Serializable fn, Values values) {
    return read(name, fn, values, false);
  }

  /** Like {@link #read}, for a caller that does not want the function's results. */
  public static ReadFunction readAction(String name, Serializable fn, Values values) {
    return read(name, fn, values, true);
  }

  private static ReadFunction read(
      String name, Serializable fn, Values values, boolean discardResult) {
    if (fn == null) {
      throw new IllegalArgumentException(name + " is null; must be a method reference or a lambda");
    }
    if (fn instanceof NamedFunction<?> named) {
      return byName(named, discardResult);
    }
    Class<?> type = fn.getClass();
    AtomicReference<@Nullable FunctionForm> known = FORMS.get(type);
    FunctionForm form = known.get();
    ReadFunction plain = form == null ? null : form.withoutCaptured(discardResult);
    if (plain != null) {
      return plain;
    }
    SerializedLambda lambda = serialized(name, fn);
    if (form == null) {
      form = FunctionForm.of(name, lambda, type.getClassLoader());
      if (type.isHidden() && form.isLasting()) {
        known.set(form);
      }
    }
    plain = form.withoutCaptured(discardResult);
    return plain != null ? plain : form.with(captured(name, lambda, form, values), discardResult);
  }

  private static ReadFunction byName(NamedFunction<?> named, boolean discardResult) {
    FunctionRef ref = FunctionRef.parse(named.name(), null);
    Type result = named.resultType();
    ClassLoader loader = result instanceof Class<?> known ? known.getClassLoader() : null;
    return new ReadFunction(ref, null, ANY_ARGUMENTS, discardResult ? void.class : result, loader);
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
              + " cannot be read: the descriptor of "
              + type.getModule()
              + " must contain: opens "
              + type.getPackageName()
              + ";",
          e);
    }
  }

  private static IllegalArgumentException notALambda(
      String name, Class<?> type, @Nullable Exception cause) {
    return new IllegalArgumentException(
        name
            + " is an object of "
            + type.getName()
            + "; must be a method reference or a lambda, because functions travel by name; in languages"
            + " whose lambdas are other objects, pass NamedFunction.of(\"com.acme.Stats::score\", …)",
        cause);
  }

  private static Payload captured(
      String name, SerializedLambda lambda, FunctionForm form, Values values) {
    LineBuffer array = new LineBuffer(64, Integer.MAX_VALUE);
    array.write('[');
    for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
      if (i > 0) {
        array.write(',');
      }
      form.writeCaptured(name, i, lambda.getCapturedArg(i), values, array);
    }
    array.write(']');
    return array.toPayload();
  }
}
