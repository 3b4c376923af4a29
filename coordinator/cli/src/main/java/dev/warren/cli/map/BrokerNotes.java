package dev.warren.cli.map;

import dev.warren.pool.PoolListener;
import java.io.PrintStream;

/** Tells the user on stderr what delays a run over a broker. */
final class BrokerNotes implements PoolListener {
  private final PrintStream err;

  BrokerNotes(PrintStream err) {
    this.err = err;
  }

  @Override
  public void workerLeft(String worker, String host, boolean expected) {
    if (!expected) {
      err.println(
          "warren: worker " + worker + " on " + host + " was lost; its calls will run elsewhere");
    }
  }

  @Override
  public void brokerLost(String reason) {
    err.println("warren: lost the broker (" + reason + "); calls continue once it is back");
  }

  @Override
  public void brokerBack() {
    err.println("warren: the broker is back");
  }

  @Override
  public void brokerBlocked(String reason) {
    err.println(
        "warren: the broker accepts no messages now (" + reason + "); calls wait until it does");
  }

  @Override
  public void brokerUnblocked() {
    err.println("warren: the broker accepts messages again");
  }
}
