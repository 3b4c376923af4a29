package dev.warren.lifecycle;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/**
 * Creates every logger of Warren. Text from messages, children, worker names or exceptions is made
 * printable before it reaches the program's logging, so that nothing from outside can control a
 * terminal or forge a log line. Thread-safe.
 */
public final class Logs {
  private Logs() {}

  public static Logger of(Class<?> owner) {
    return named(owner.getName());
  }

  /** Whether this program has a logging library; without one, nothing that is logged is visible. */
  public static boolean areVisible() {
    return !(LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory);
  }

  public static Logger named(String name) {
    return new PrintableLogger(LoggerFactory.getLogger(name));
  }
}
