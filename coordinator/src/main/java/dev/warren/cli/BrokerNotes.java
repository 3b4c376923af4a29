package dev.warren.cli;

import dev.warren.pool.PoolListener;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells a person at stderr what keeps a run over a broker waiting. */
final class BrokerNotes implements PoolListener {
  private final PrintStream err;
  private final AtomicInteger workers = new AtomicInteger();

  BrokerNotes(PrintStream err) {
    this.err = err;
  }

  /** How many workers are heard of at this moment. */
  int workers() {
    return workers.get();
  }

  /** Says that nobody is there to do the work. */
  void nobodyThere(String pool) {
    err.println(
        "warren: no worker of pool '"
            + pool
            + "' is there yet; waiting (start one: warren worker --broker … --pool "
            + pool
            + " --app …)");
  }

  @Override
  public void workerJoined(String worker, String host, int slots) {
    workers.incrementAndGet();
  }

  @Override
  public void workerLeft(String worker, String host, boolean expected) {
    workers.decrementAndGet();
    if (!expected) {
      err.println("warren: worker " + worker + " on " + host + " has vanished; its calls go on");
    }
  }

  @Override
  public void brokerLost(String reason) {
    err.println("warren: lost the broker (" + reason + "); calls go on once it is back");
  }

  @Override
  public void brokerBack() {
    err.println("warren: the broker is back");
  }
}
