package dev.warren.worker.meter;

/** What to do with a delivery; each settles it in its own way. */
public enum Verdict {
  /** A second copy of a task that this worker holds: acknowledge it. */
  DUPLICATE,
  /** A held task whose first delivery is void: continue with this one. */
  RESUME,
  /** A task that this worker has settled: acknowledge it again. */
  SETTLED,
  /** Draining, and another worker may hold the task: defer it under its own id. */
  DEFER,
  /** Draining: put the task back, uncharged, for another worker. */
  HAND_BACK,
  /** The outcomes are unwanted: acknowledge it and remember it as settled. */
  DROP,
  /** Its delay is not over: put it back to wait for the rest. */
  WAIT,
  /** The worker that held the task is considered lost: charge a loss and run it again. */
  RERUN,
  /** Another worker may hold the task: ask the others. */
  ASK,
  /** This worker cannot run its function and others can: pass it on after a short wait. */
  PASS_ON,
  /** Run it. */
  START,
  /** It must run in isolation, and another such task is held here: defer it, uncharged. */
  PUT_OFF,
  /** It was lost before: start it once everything that this worker puts back is in the queue. */
  START_WHEN_PUT_BACK
}
