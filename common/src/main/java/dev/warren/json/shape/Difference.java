package dev.warren.json.shape;

/**
 * A difference between a value and its copy after a round trip through JSON. Immutable.
 *
 * @param path {@code items[3].count}; empty for the value itself
 * @param kind kind of difference
 * @param what a sentence without its subject, {@code is a …, and would come back as …}
 * @param remedy what to do about it
 */
public record Difference(String path, Kind kind, String what, String remedy) {
  private static final int LONGEST_PATH = 200;

  enum Kind {
    /** Another class, or a class that JSON cannot represent. */
    CLASS,
    /** Null became non-null, or the reverse. */
    NULL,
    /** The same class, but another value. */
    VALUE
  }

  static Difference here(Kind kind, String what, String remedy) {
    return new Difference("", kind, what, remedy);
  }

  /** Returns the same difference with {@code step} in front of its path. */
  Difference under(String step) {
    if (path.length() > LONGEST_PATH) {
      return this;
    }
    boolean joined = path.isEmpty() || path.startsWith("[");
    return new Difference(step + (joined ? "" : ".") + path, kind, what, remedy);
  }
}
