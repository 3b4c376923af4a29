package dev.warren.cluster;

import dev.warren.broker.Broker;
import dev.warren.cluster.Echoes.Echo;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the silence of workers means: that they are gone, or that heartbeats do not arrive
 * here. During an alarm the broker does not read them, and on a slow line they wait behind results.
 * An echo, which this owner sends to its own events queue, takes the same way. Confined to one
 * thread at a time, except {@link #echoed}.
 */
final class SilenceWatch {
  /** An echo missing for this long shows that heartbeats are not arriving either. */
  private static final long UNANSWERED = 3_000_000_000L;

  /** An echo missing for this long may have been lost; another is sent. */
  private static final long ECHO_AGAIN = 60_000_000_000L;

  private final Broker broker;
  private final WorkerRegistry registry;
  private final TimeSource time;
  private final Echoes echoes;
  private @Nullable Echo echo;
  // sent when the first worker became silent; when that was, and the looks since then
  private @Nullable Echo silenceEcho;
  private long silenceNanos;
  private int silenceLooks;
  // sent when no worker was known any more
  private @Nullable Echo aloneEcho;

  SilenceWatch(Broker broker, OwnerIdentity owner, WorkerRegistry registry, TimeSource time) {
    this.broker = broker;
    this.registry = registry;
    this.time = time;
    this.echoes = new Echoes(broker, owner.eventsQueue());
  }

  /** Handles a returned echo from the events queue. Thread-safe. */
  void echoed(Message message) {
    echoes.came(message);
  }

  /**
   * Looks once. When a worker is silent, an echo is sent. If it is back at the next look, or within
   * two round trips, the silent workers are gone. If it takes longer, their heartbeats were delayed
   * as it was, by a broker that did not read or behind results on a slow line, and their silence is
   * counted from zero again.
   */
  void look(long now) {
    registry.forgetVanished(now);
    Echo sent = silenceEcho;
    if (sent == null) {
      if (registry.anySilent(now)) {
        silenceEcho = echoes.send(now);
        silenceNanos = now;
        silenceLooks = 0;
      }
      return;
    }
    silenceLooks++;
    if (sent.isOut()) {
      silenceEcho = againIfOld(sent, now);
      return;
    }
    silenceEcho = null;
    boolean atOnce = silenceLooks == 1 || now - silenceNanos <= 2 * broker.roundTrip().toNanos();
    if (atOnce && sent.state() == Echoes.State.BACK) {
      registry.look(now);
    } else {
      registry.excuse(now);
    }
  }

  /** Whether heartbeats arrive; if not, a worker's silence means nothing. */
  boolean heartbeatsCome() {
    long now = time.nanos();
    Echo last = echo;
    if (last == null || !last.isOut()) {
      echo = echoes.send(now);
      return true;
    }
    echo = againIfOld(last, now);
    return now - last.sentNanos() < UNANSWERED;
  }

  /** Called while a worker is known. */
  void notAlone() {
    aloneEcho = null;
  }

  /** Whether all events have arrived that were sent before the last worker disappeared. */
  boolean isAlone(long now) {
    Echo sent = aloneEcho;
    if (sent == null || sent.state() == Echoes.State.LOST) {
      aloneEcho = echoes.send(now);
      return false;
    }
    if (sent.isOut()) {
      aloneEcho = againIfOld(sent, now);
      return false;
    }
    return true;
  }

  /** Replaces an echo that may have been lost. */
  private Echo againIfOld(Echo out, long now) {
    if (now - out.sentNanos() < ECHO_AGAIN) {
      return out;
    }
    echoes.forget(out);
    return echoes.send(now);
  }
}
