package dev.warren.worker.meter;

/** What a slot is doing. */
public enum SlotState {
  /** Its child holds calls. */
  BUSY,
  /** A child is ready for its next call, or for the settings of its first one. */
  IDLE,
  /** No child is ready for it. */
  STARTING
}
