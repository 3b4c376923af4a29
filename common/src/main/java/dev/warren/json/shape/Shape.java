package dev.warren.json.shape;

import org.jspecify.annotations.Nullable;

/**
 * Knows for one type which values certainly survive a round trip through JSON unchanged, without
 * trying it. Immutable; thread-safe.
 */
public interface Shape {
  /** Knows nothing. */
  Shape UNKNOWN = (value, depth) -> false;

  /** Maximum nesting depth that is checked; deeper values are tried out. */
  int DEEPEST = 50;

  /**
   * Whether a value certainly survives unchanged; false means unknown.
   *
   * @param depth number of enclosing containers
   */
  boolean carries(@Nullable Object value, int depth);
}
