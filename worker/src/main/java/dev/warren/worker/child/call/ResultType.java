package dev.warren.worker.child.call;

import dev.warren.json.ValueWriter;
import dev.warren.json.Values;
import java.lang.reflect.Type;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a function's results are read as by its caller: its declared type, or, where that is a type
 * variable, a class that the caller has named. Classes are never loaded by such a name: only what a
 * result is an instance of can be meant. Confined to the thread that runs calls.
 */
final class ResultType {
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

  /** What writes this result. */
  ValueWriter writer(@Nullable Object result) {
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

  /** The class or interface of that name among those of a class. */
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
