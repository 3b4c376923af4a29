package dev.warren.broker.rabbit.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.BrokerException;
import dev.warren.lifecycle.Logs;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Logs what the broker refuses to declare or to let consume, each cause once until it is over:
 * several threads try the same queue, again and again while its node is down. Thread-safe.
 */
public final class Troubles {
  private static final Logger log = Logs.of(Troubles.class);

  // texts of the present causes
  @GuardedBy("this")
  private final Set<String> present = new HashSet<>();

  /** Logs the cause if it is new; returns whether it is. */
  public boolean met(BrokerException cause) {
    String text = String.valueOf(cause.getMessage());
    boolean news = add(text);
    if (news) {
      log.warn("{}; retrying", text);
    }
    return news;
  }

  private synchronized boolean add(String text) {
    return present.add(text);
  }

  /** This cause, or an equal one that another thread has met, is over. */
  public synchronized void over(BrokerException cause) {
    present.remove(String.valueOf(cause.getMessage()));
  }

  /** Everything is declared. */
  public synchronized void allOver() {
    present.clear();
  }
}
