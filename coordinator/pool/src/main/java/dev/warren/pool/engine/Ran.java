package dev.warren.pool.engine;

/**
 * Where calls with consecutive indexes ran, and how long. Immutable.
 *
 * @param index index of the first call
 * @param micros mean time of one of them; -1 if no worker reported it
 * @param worker the worker; empty if none reported it
 */
public record Ran(long index, int calls, long micros, String worker) {
  static final Ran NOWHERE = new Ran(0, 0, -1, "");

  boolean has(long call) {
    return call >= index && call < index + calls;
  }
}
