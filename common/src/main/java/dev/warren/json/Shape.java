package dev.warren.json;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a type without asking Jackson: which of its values certainly come back as they
 * are. Immutable; thread-safe.
 */
interface Shape {
  /** Nothing is known. */
  Shape UNKNOWN = (value, depth) -> false;

  /** Containers in containers that are looked into; deeper ones are tried out. */
  int DEEPEST = 50;

  /**
   * Whether a value certainly comes back as it is; false means that nobody knows.
   *
   * @param depth how many containers it stands in
   */
  boolean carries(@Nullable Object value, int depth);
}
