package dev.warren.service.operate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Examines the broker, the workers and this host, as {@code warren doctor} does. */
@FunctionalInterface
public interface Examination {
  /** Examines nothing: for programs that embed a service without the command line. */
  Examination NONE = List::of;

  /** Severity of a finding. */
  enum Level {
    OK,
    NOTE,
    /** Will cause a problem at some point. */
    WARNING,
    /** Causes a problem now. */
    PROBLEM
  }

  /**
   * One finding.
   *
   * @param title what was examined
   * @param text the finding, in one line
   * @param remedy what to do, in one line; null if there is nothing to do
   */
  record Finding(Level level, String title, String text, @Nullable String remedy) {}

  /** Blocks for some seconds. */
  List<Finding> examine() throws InterruptedException;
}
