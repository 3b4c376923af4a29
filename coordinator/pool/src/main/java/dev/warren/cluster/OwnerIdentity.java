package dev.warren.cluster;

import dev.warren.broker.PoolNames;
import dev.warren.wire.SecretIds;

/**
 * The identity of an owner towards its pool's workers: its name, the queues named after it, and the
 * ids of its tasks and jobs. Immutable.
 *
 * @param names names of the pool's queues and exchanges
 * @param client name of this owner; its results queue is named after it, so it must not be
 *     guessable
 * @param session names this process as the owner; its queue for heartbeats is named after it
 * @param ids generates the ids of tasks and jobs; knowing some does not help to guess others, or
 *     the client
 */
public record OwnerIdentity(PoolNames names, String client, String session, SecretIds ids) {

  /** An owner with a random name in the given pool. */
  public static OwnerIdentity create(PoolNames names) {
    String client = SecretIds.random();
    return new OwnerIdentity(names, client, client, SecretIds.create());
  }

  /**
   * The coordinator of a durable job, which takes over the tasks and outcomes of its predecessor.
   *
   * @param id the job's id
   * @param ids generates the ids of the job's tasks, the same for every coordinator
   */
  public static OwnerIdentity ofJob(PoolNames names, String id, SecretIds ids) {
    return new OwnerIdentity(names, PoolNames.jobClient(id), SecretIds.random(), ids);
  }

  /** The owner's results queue. */
  public String resultsQueue() {
    return PoolNames.results(client);
  }

  /** The owner's exclusive queue for heartbeats. */
  public String eventsQueue() {
    return PoolNames.events(session);
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
