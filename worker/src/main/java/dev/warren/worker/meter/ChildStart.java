package dev.warren.worker.meter;

/** Why a child is started. */
public enum ChildStart {
  /** A slot had none since the worker's start. */
  SLOT,
  /** It is a spare. */
  SPARE,
  /** It replaces one that is being recycled. */
  RECYCLED,
  /** It replaces one that died, was killed or did not become ready. */
  LOST
}
