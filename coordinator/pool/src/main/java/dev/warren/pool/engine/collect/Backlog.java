package dev.warren.pool.engine.collect;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.Logs;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Outcomes that have arrived and wait to be consumed, of all lazy jobs of a pool: in memory up to a
 * limit, beyond it in temporary files. Thread-safe.
 *
 * <p>For maintainers: leaving them in the results queue instead would deadlock the pool. The first
 * result of an ordered job may arrive last, and the consumer may call the pool between two results;
 * both would wait behind results that nobody consumes. So every outcome is accepted at once, and
 * the windows of the jobs bound their number.
 *
 * <p>A file is written up to {@link #FILE_BYTES}, then the next one is begun; a file is deleted
 * with the last of its outcomes. It is unlinked while in use, so nothing remains of it however this
 * process ends. Files are plain, not channels, because interrupting the consumer must not close
 * them. Lock order: this, then a file's own monitor.
 */
public final class Backlog {
  private static final Logger log = Logs.of(Backlog.class);

  /** Default maximum bytes in memory, object overhead included. */
  static final long MAX_BYTES =
      Math.max(4 << 20, Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 8));

  /** Bytes of the objects around an outcome's bytes. */
  private static final int OVERHEAD = 96;

  private static final long FILE_BYTES = 64 << 20;

  private final long mostBytes;
  private final long mostBytesWhenFull;
  private final Path folder;
  private final AtomicLong inMemory = new AtomicLong();

  @GuardedBy("this")
  private @Nullable Spool current;

  @GuardedBy("this")
  private boolean told;

  // volatile: read without the lock; whether the last write to a file failed
  private volatile boolean failed;

  /**
   * Creates an empty backlog.
   *
   * @param mostBytes maximum bytes in memory
   * @param mostBytesWhenFull maximum bytes in memory if the folder is full too
   * @param folder folder for the files
   */
  Backlog(long mostBytes, long mostBytesWhenFull, Path folder) {
    this.mostBytes = mostBytes;
    this.mostBytesWhenFull = mostBytesWhenFull;
    this.folder = folder;
  }

  /** Creates a backlog with the default limits and files in the JVM's temporary folder. */
  public static Backlog ofThisProcess() {
    return new Backlog(
        MAX_BYTES,
        Runtime.getRuntime().maxMemory() / 2,
        Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * Whether both memory and folder are full, so that no more outcomes should be accepted or
   * requested until some are consumed.
   */
  public boolean isFull() {
    return failed && inMemory.get() > mostBytes;
  }

  /**
   * Stores an outcome; writes it to a file if memory is full, which may block. If the backlog is
   * full, an outcome may still arrive because somebody waits for a later one. It is kept in memory
   * up to a second limit, and beyond that replaced by a failure that says so.
   */
  public Kept keep(Payload line) {
    int size = line.length() + OVERHEAD;
    long all = inMemory.addAndGet(size);
    if (all > mostBytes) {
      Kept written = write(line);
      if (written != null) {
        inMemory.addAndGet(-size);
        return written;
      }
      if (all > mostBytesWhenFull) {
        inMemory.addAndGet(-size);
        return without(LocalOutcome.NO_PLACE);
      }
    }
    try {
      // a copy, so that one outcome does not retain the whole message it arrived in
      return new Kept(this, Payload.of(line.toBytes()), null, 0, line.length());
    } catch (OutOfMemoryError e) {
      inMemory.addAndGet(-size);
      return without(LocalOutcome.NO_ROOM);
    }
  }

  private Kept without(Payload reason) {
    inMemory.addAndGet(OVERHEAD);
    return new Kept(this, reason, null, 0, 0);
  }

  private synchronized @Nullable Kept write(Payload line) {
    try {
      Spool spool = current;
      if (spool == null || spool.isFull()) {
        spool = begin(spool);
      }
      Kept kept = new Kept(this, null, spool, spool.append(line), line.length());
      failed = false;
      return kept;
    } catch (IOException e) {
      if (!failed) {
        failed = true;
        log.warn(
            "waiting results cannot be written to {} ({}): no more are requested or accepted"
                + " until some are consumed; free space there, or set java.io.tmpdir",
            folder,
            String.valueOf(e.getMessage()));
      }
      return null;
    }
  }

  @GuardedBy("this")
  private Spool begin(@Nullable Spool full) throws IOException {
    Spool next = Spool.in(folder);
    if (full != null) {
      full.seal();
    }
    current = next;
    if (!told) {
      told = true;
      log.info(
          "more than {} MiB of results wait to be consumed; further results go to a file in {}",
          mostBytes >> 20,
          folder);
    }
    return next;
  }

  /** A stored outcome. {@link #line} and {@link #drop} must be called by one thread at a time. */
  public static final class Kept {
    private final Backlog owner;
    private @Nullable Payload line;
    private final @Nullable Spool spool;
    private final long position;
    private final int length;

    private Kept(
        Backlog owner, @Nullable Payload line, @Nullable Spool spool, long position, int length) {
      this.owner = owner;
      this.line = line;
      this.spool = spool;
      this.position = position;
      this.length = length;
    }

    /** Returns the outcome; reads it from its file if necessary. */
    public Payload line() {
      Payload known = line;
      if (known == null && spool != null) {
        known = spool.read(position, length);
        line = known;
      }
      return known == null ? Payload.EMPTY : known;
    }

    /** Releases the outcome's memory or file space. */
    public void drop() {
      if (spool == null) {
        owner.inMemory.addAndGet(-(length + OVERHEAD));
      } else {
        spool.forget();
      }
    }
  }

  /** One temporary file. Thread-safe. */
  private static final class Spool {
    private final RandomAccessFile file;

    @GuardedBy("this")
    private long size;

    @GuardedBy("this")
    private int kept;

    @GuardedBy("this")
    private boolean sealed;

    private Spool(RandomAccessFile file) {
      this.file = file;
    }

    static Spool in(Path folder) throws IOException {
      File made = Files.createTempFile(folder, "warren-results-", "").toFile();
      RandomAccessFile file = new RandomAccessFile(made, "rw");
      if (!made.delete()) {
        made.deleteOnExit(); // some systems cannot unlink a file in use
      }
      return new Spool(file);
    }

    synchronized boolean isFull() {
      return size >= FILE_BYTES;
    }

    synchronized long append(Payload line) throws IOException {
      if (kept == 0 && size > 0) {
        file.setLength(0);
        size = 0;
      }
      long position = size;
      file.seek(position);
      file.write(line.array(), line.offset(), line.length());
      size += line.length();
      kept++;
      return position;
    }

    synchronized Payload read(long position, int length) {
      try {
        byte[] bytes = new byte[length];
        file.seek(position);
        file.readFully(bytes);
        return Payload.of(bytes);
      } catch (IOException e) {
        log.warn("a result cannot be read back from its temporary file", e);
        return LocalOutcome.line(
            FailureKind.RESULT_NOT_SERIALIZABLE,
            "the result cannot be read back from its temporary file: " + e.getMessage());
      }
    }

    synchronized void forget() {
      kept--;
      closeIfDone();
    }

    /** Marks the file as complete. */
    synchronized void seal() {
      sealed = true;
      closeIfDone();
    }

    @GuardedBy("this")
    private void closeIfDone() {
      if (sealed && kept == 0) {
        try {
          file.close();
        } catch (IOException e) {
          log.debug("closing a temporary file", e);
        }
      }
    }
  }
}
