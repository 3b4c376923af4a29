package dev.warren.json;

import dev.warren.task.Payload;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * The arguments and results of one function as JSON: numbers, booleans and text in their simplest
 * form by a fast path, everything else by Jackson, which is not loaded before it is needed. The
 * fast path never decides what is valid. Not thread-safe.
 */
public final class JsonValues {
  private final Class<?>[] parameters;
  private final boolean plainParameters;
  // the class of plain numbers and text; null for other results
  private final @Nullable Class<?> plainResult;
  private final boolean noResult;
  private final Writers others;
  private final Scalars scalars = new Scalars();

  /** Chooses the writer of a result. */
  public interface Writers {
    ValueWriter writer(@Nullable Object result);
  }

  /**
   * Creates a conversion.
   *
   * @param parameters raw classes of the parameters
   * @param result declared type of the result
   * @param others the writers of all results that are not plain
   */
  public JsonValues(Class<?>[] parameters, Type result, Writers others) {
    this.parameters = parameters;
    boolean plain = true;
    for (Class<?> parameter : parameters) {
      plain &= Scalars.reads(parameter);
    }
    this.plainParameters = plain;
    this.plainResult =
        result instanceof Class<?> type && Scalars.reads(type) ? Scalars.boxed(type) : null;
    this.noResult = result == void.class;
    this.others = others;
  }

  /** Whether an argument, or the result judged by its declared type, needs Jackson. */
  public boolean needsJackson() {
    return !plainParameters || (plainResult == null && !noResult);
  }

  /** Reads an array of plain arguments; null if it has to be read by Jackson. */
  public @Nullable Object @Nullable [] readPlain(Payload array) {
    return plainParameters ? scalars.read(parameters, array) : null;
  }

  /**
   * Writes a result on one line; null for a function whose result is declared {@code void}.
   *
   * @param strictly whether it will be read strictly
   * @throws ValueException if it cannot be written, or would not come back unchanged
   */
  public void write(@Nullable Object result, LineBuffer out, boolean strictly) {
    Object kept = noResult ? null : result;
    if (!isPlain(kept) || !Scalars.write(kept, out)) {
      others.writer(kept).write(kept, out, strictly);
    }
  }

  /** Whether the result certainly has its declared type and is plain number or text, or absent. */
  private boolean isPlain(@Nullable Object result) {
    return result == null ? noResult : result.getClass() == plainResult;
  }
}
