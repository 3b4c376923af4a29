package dev.warren.worker.meter;

/** Whether a child that left or died had an immediate successor. */
public enum Takeover {
  /** An idle child was ready. */
  READY,
  /** Its slot had to wait for another child. */
  LATE
}
