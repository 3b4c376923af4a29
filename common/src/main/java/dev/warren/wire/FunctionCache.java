package dev.warren.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parses functions and keeps the last one, because consecutive tasks usually name the same
 * function. Thread-safe.
 */
public final class FunctionCache {
  // volatile: written and read by any thread that parses; a cache, so a lost update costs only time
  private volatile @Nullable Parsed last;

  /**
   * Parses as {@link FunctionRef#parse}.
   *
   * @throws WireFormatException if the text is not a function
   */
  public FunctionRef parse(String text, @Nullable String digest) {
    Parsed known = last;
    if (known != null
        && known.text.equals(text)
        && Objects.equals(known.function.digest(), digest)) {
      return known.function;
    }
    FunctionRef function = FunctionRef.parse(text, digest);
    last = new Parsed(text, function);
    return function;
  }

  private record Parsed(String text, FunctionRef function) {}
}
