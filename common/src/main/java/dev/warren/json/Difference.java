package dev.warren.json;

/**
 * Where a value and what it came back as differ.
 *
 * @param path {@code items[3].count}; empty for the value itself
 * @param kind of difference
 * @param what a sentence without its subject, {@code is a …, and would come back as …}
 * @param remedy what to do about it
 */
record Difference(String path, Kind kind, String what, String remedy) {
  private static final int LONGEST_PATH = 200;

  enum Kind {
    /** Another class, or none that has a value. */
    CLASS,
    /** Null, or no null. */
    NULL,
    /** Of the same class, but another value. */
    VALUE
  }

  static Difference here(Kind kind, String what, String remedy) {
    return new Difference("", kind, what, remedy);
  }

  /** The same, seen from one level further out. */
  Difference under(String step) {
    if (path.length() > LONGEST_PATH) {
      return this;
    }
    boolean joined = path.isEmpty() || path.startsWith("[");
    return new Difference(step + (joined ? "" : ".") + path, kind, what, remedy);
  }
}
