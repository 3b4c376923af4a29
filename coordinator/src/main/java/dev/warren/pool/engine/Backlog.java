package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.Logs;
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
 * Outcomes that have come and wait to be taken, of all lazy jobs of a pool: in memory up to a
 * bound, beyond it in temporary files. Thread-safe.
 *
 * <p>For maintainers: leaving them in the results queue instead would hang the pool. The first
 * result of an ordered job may be the last to come, and whoever takes results may call the pool in
 * between; both would wait behind what nobody takes. So whatever comes is accepted at once, and the
 * windows of the jobs bound how much that is.
 *
 * <p>A file is written from its start to {@link #FILE_BYTES}, then the next is begun; it goes with
 * the last of its outcomes. It has no name while it is used, so nothing is left of it whatever ends
 * this process. Plain files, because an interrupt of the taker must not close them. Lock order:
 * this, then a file's own monitor.
 */
final class Backlog {
  private static final Logger log = Logs.of(Backlog.class);

  /** Kept in memory by default, objects included. */
  static final long MOST_BYTES =
      Math.max(4 << 20, Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 8));

  /** What the objects around an outcome's bytes take. */
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

  // the last outcome that was to be written to a file could not be
  private volatile boolean failed;

  /**
   * An empty one.
   *
   * @param mostBytes kept in memory
   * @param mostBytesWhenFull kept in memory where the folder has no room either
   * @param folder where the files are
   */
  Backlog(long mostBytes, long mostBytesWhenFull, Path folder) {
    this.mostBytes = mostBytes;
    this.mostBytesWhenFull = mostBytesWhenFull;
    this.folder = folder;
  }

  /** One with the default bound, and files where temporary files are on this machine. */
  static Backlog ofThisProcess() {
    return new Backlog(
        MOST_BYTES,
        Runtime.getRuntime().maxMemory() / 2,
        Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * Whether neither memory nor the folder has room: nothing more should be taken in, or sent for,
   * before something is taken.
   */
  boolean isFull() {
    return failed && inMemory.get() > mostBytes;
  }

  /**
   * Takes an outcome in; writes it to a file where memory has no room, and so may wait for it. What
   * comes although this is full, since somebody waits for a result that may be behind it, is kept
   * in memory up to a second bound; beyond that its place is taken by a failure that says so.
   */
  Kept keep(Payload line) {
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
      // bytes of its own, so that one outcome does not keep the whole message it came in
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
            "results that nobody takes cannot be written to {} ({}): no more are asked for or taken"
                + " in until some are taken; make room there, or set java.io.tmpdir",
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
          "more than {} MiB of results wait to be taken; what is more goes to a file in {}",
          mostBytes >> 20,
          folder);
    }
    return next;
  }

  /** An outcome that waits. {@link #line} and {@link #drop} are for one thread at a time. */
  static final class Kept {
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

    /** The outcome; reads it if need be. */
    Payload line() {
      Payload known = line;
      if (known == null && spool != null) {
        known = spool.read(position, length);
        line = known;
      }
      return known == null ? Payload.EMPTY : known;
    }

    /** It is kept no longer. */
    void drop() {
      if (spool == null) {
        owner.inMemory.addAndGet(-(length + OVERHEAD));
      } else {
        spool.forget();
      }
    }
  }

  /** One file. Thread-safe. */
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
        made.deleteOnExit(); // a system where files in use keep their names
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

    /** Nothing more is written to it. */
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
