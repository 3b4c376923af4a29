package dev.warren.service.api;

/**
 * The pool of a coordinator as the API shows it. Immutable.
 *
 * @param broker product and version
 * @param connected whether the broker is connected at this moment
 * @param workers number of workers
 * @param slots number of calls that they can run at once
 * @param busy number of slots that are running a call
 * @param waitingMessages messages in the queues of tasks; a message has one call or many
 * @param deadMessages messages in the dead-letter queue
 */
record PoolView(
    String name,
    String broker,
    boolean connected,
    int workers,
    int slots,
    int busy,
    long waitingMessages,
    long deadMessages) {}
