package dev.warren.worker.meter;

/** How the memory of several children becomes one number. */
public enum MemoryStat {
  SUM,
  /** Of the child with the most. */
  MAX
}
