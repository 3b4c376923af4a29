package dev.warren.lifecycle;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every logger of Warren comes from: what a message, a child, a worker's name or an exception
 * holds is made printable before it reaches the program's own logging, whichever that is, so that
 * nothing from outside can steer a terminal or forge a line. Thread-safe.
 */
public final class Logs {
  private Logs() {}

  /** The logger of a class. */
  public static Logger of(Class<?> owner) {
    return named(owner.getName());
  }

  /** The logger of this name. */
  public static Logger named(String name) {
    return new PrintableLogger(LoggerFactory.getLogger(name));
  }
}
