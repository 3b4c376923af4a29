package dev.warren.cluster;

import dev.warren.broker.PoolNames;
import dev.warren.wire.SecretIds;

/**
 * Who the owner of tasks is to the workers of its pool: its name, the queues that carry it, and the
 * ids of its tasks and jobs. Immutable.
 *
 * @param names names of the pool's queues and exchanges
 * @param client name of this owner; its queues are named after it, so it must not be guessable
 * @param ids makes the ids of tasks and jobs; whoever has seen some of them can guess neither the
 *     others nor the client
 */
public record OwnerIdentity(PoolNames names, String client, SecretIds ids) {

  /** An owner with a random name in the given pool. */
  public static OwnerIdentity create(PoolNames names) {
    return new OwnerIdentity(names, SecretIds.random(), SecretIds.create());
  }

  /** The owner's queue for outcomes. */
  public String resultsQueue() {
    return PoolNames.results(client);
  }

  /** The owner's exclusive queue for heartbeats. */
  public String eventsQueue() {
    return PoolNames.events(client);
  }

  /** Message id of the task whose first call has this number. */
  public String taskId(long first) {
    return ids.of(first);
  }

  /** Id of the job with this number, from 1. */
  public String jobId(long number) {
    return ids.of(-number);
  }
}
