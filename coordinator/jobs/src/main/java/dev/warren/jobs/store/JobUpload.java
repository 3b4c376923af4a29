package dev.warren.jobs.store;

import dev.warren.task.Payload;

/**
 * The input of a job while it is being received. Its lines are kept as they are. Confined to one
 * thread.
 */
public interface JobUpload extends AutoCloseable {
  /**
   * Adds a line, without its line end; it may be written later.
   *
   * @throws StoreException if it, or a line before it, cannot be stored
   */
  void add(Payload line);

  /** Number of lines added, including those that an appended job had before. */
  long lines();

  /** The digests of the lines added, including those that an appended job had before. */
  InputDigest digest();

  /**
   * The input is complete: the job exists from now on, whatever happens to this process.
   *
   * @throws JobExistsException if somebody else has taken the name, or begun to, meanwhile
   * @throws StoreException if more input of a job was received, and somebody else owns it now
   */
  JobRecord accept();

  /** Drops what was added, unless it was accepted. */
  @Override
  void close();
}
