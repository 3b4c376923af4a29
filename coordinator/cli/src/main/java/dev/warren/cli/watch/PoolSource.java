package dev.warren.cli.watch;

import java.io.IOException;

/** Where the state of a pool comes from. */
sealed interface PoolSource extends AutoCloseable permits CoordinatorSource, BrokerSource {
  /**
   * The next state: the first as soon as something is known, later ones about each second.
   *
   * @throws IOException in one sentence, if it can no longer be had
   */
  Snapshot next() throws IOException, InterruptedException;

  @Override
  void close();
}
