package dev.warren.jobs.spec;

/** What a line of input is. */
public enum LineMode {
  /** JSON: the argument, or for functions of several parameters an array with one element each. */
  JSON,
  /** A plain string, which is the argument. */
  TEXT
}
