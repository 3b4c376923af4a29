package dev.warren.task;

import java.io.Serializable;

/**
 * Code without arguments and without a result that can be run in another process.
 *
 * <p>Any method reference fits, with or without a result; every {@link Fn0} is an action, too. A
 * result is discarded where the code runs: it need not be representable in JSON. See {@link Fn1}
 * for how functions travel.
 */
@FunctionalInterface
public interface Action0 extends Serializable {

  /** Runs the code; any exception becomes the call's failure. */
  void run() throws Exception;
}
