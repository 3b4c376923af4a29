package dev.warren.jobs.store;

/** What somebody who does not run a job asks its coordinator to do. */
public enum JobRequest {
  NONE,
  CANCEL,
  PAUSE,
  RESUME
}
