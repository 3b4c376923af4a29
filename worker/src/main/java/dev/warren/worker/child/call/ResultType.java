package dev.warren.worker.child.call;

import dev.warren.json.JsonValues;
import dev.warren.json.ValueWriter;
import dev.warren.json.Values;
import java.lang.reflect.Type;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The type that a caller reads a function's results as: the declared type or, if that is a type
 * variable, a class that the caller has named. A named class is never loaded: it only selects among
 * the supertypes of the result. Confined to the thread that runs calls.
 */
final class ResultType implements JsonValues.Writers {
  private final Supplier<Values> values;
  private final Type declared;
  private final @Nullable String named;
  private @Nullable ValueWriter writer;
  private @Nullable Class<?> writerOf;

  ResultType(Supplier<Values> values, Type declared, @Nullable String named) {
    this.values = values;
    this.declared = declared;
    this.named = named;
  }

  /** Returns the writer for this result. */
  @Override
  public ValueWriter writer(@Nullable Object result) {
    ValueWriter known = writer;
    if (named == null || result == null) {
      if (known == null || writerOf != null) {
        known = values.get().writer(values.get().type(declared));
        writer = known;
        writerOf = null;
      }
      return known;
    }
    if (known == null || writerOf != result.getClass()) {
      Class<?> meant = named(result.getClass(), named);
      known = values.get().writer(values.get().type(meant == null ? declared : meant));
      writer = known;
      writerOf = result.getClass();
    }
    return known;
  }

  /** Finds a class or interface of that name among the supertypes of {@code type}. */
  private static @Nullable Class<?> named(Class<?> type, String name) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      if (at.getName().equals(name)) {
        return at;
      }
      for (Class<?> parent : at.getInterfaces()) {
        Class<?> found = named(parent, name);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }
}
