package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.CrashPoint;
import dev.warren.jobs.store.InputDigest;
import dev.warren.jobs.store.InputDigester;
import dev.warren.jobs.store.StoreException;
import dev.warren.json.LineBuffer;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.task.Payload;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes a job's input: collects lines into blocks, lets other threads compress them, and one more
 * thread insert them in order. Confined to one thread.
 */
final class InputWriter implements AutoCloseable {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int CLOSE_SECONDS = 30;

  /** Blocks that are being compressed or inserted; memory for each is up to 2 MiB. */
  private static final int PENDING =
      1 + Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));

  private final BlockSink sink;
  private final InputDigester digester;
  private final ExecutorService compressors = NamedThreads.elastic("upload-deflate");
  private final ExecutorService inserter = NamedThreads.single("upload-insert");
  private final Deque<Future<?>> pending = new ArrayDeque<>();
  private LineBuffer block = new LineBuffer(BLOCK_BYTES + BLOCK_BYTES / 16, Integer.MAX_VALUE);
  private int blockLines;
  private long lines;
  private long bytes;
  private long nextSeq;
  private @Nullable StoreException failure;

  /**
   * Creates a writer that continues an input.
   *
   * @param sink called by another thread, one block at a time
   * @param digester has the lines before
   * @param bytes size of the input before
   * @param nextSeq position of the next block
   */
  InputWriter(BlockSink sink, InputDigester digester, long bytes, long nextSeq) {
    this.sink = sink;
    this.digester = digester;
    this.lines = digester.lines();
    this.bytes = bytes;
    this.nextSeq = nextSeq;
  }

  /** Stores compressed blocks. */
  @FunctionalInterface
  interface BlockSink {
    void store(long seq, long first, int count, byte[] body);
  }

  /**
   * Adds a line; it may wait until earlier ones are stored.
   *
   * @throws StoreException if an earlier line could not be stored
   */
  void add(Payload line) {
    digester.add(line);
    block.write(line);
    block.write('\n');
    blockLines++;
    lines++;
    bytes += line.length() + 1;
    if (block.size() >= BLOCK_BYTES) {
      endBlock();
    }
  }

  private void endBlock() {
    if (pending.size() == PENDING) {
      awaitOldest();
    }
    Payload content = block.toPayload();
    int count = blockLines;
    long first = lines - count;
    long seq = nextSeq++;
    Future<byte[]> body = compressors.submit(() -> BlockCodec.encode(content, count));
    pending.add(
        inserter.submit(
            () -> {
              sink.store(seq, first, count, body.get());
              CrashPoint.INPUT_BLOCK_STORED.reached();
              return seq;
            }));
    block = new LineBuffer(BLOCK_BYTES + BLOCK_BYTES / 16, Integer.MAX_VALUE);
    blockLines = 0;
  }

  private void awaitOldest() {
    if (failure != null) {
      throw failure;
    }
    try {
      pending.remove().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = new StoreException("interrupted while the input was being stored", e);
      throw failure;
    } catch (ExecutionException e) {
      failure = failureOf(e);
      throw failure;
    }
  }

  private static StoreException failureOf(ExecutionException execution) {
    Throwable cause = execution;
    while (cause instanceof ExecutionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof StoreException known
        ? known
        : new StoreException("cannot store the input: " + cause.getMessage(), cause);
  }

  /** Waits until what was added is stored. */
  void finish() {
    if (failure != null) {
      throw failure;
    }
    if (blockLines > 0) {
      endBlock();
    }
    while (!pending.isEmpty()) {
      awaitOldest();
    }
  }

  long lines() {
    return lines;
  }

  long bytes() {
    return bytes;
  }

  InputDigest digest() {
    return digester.digest();
  }

  /** Drops what is not stored, and waits until nothing is being stored any more. */
  @Override
  public void close() {
    compressors.shutdownNow();
    inserter.shutdownNow();
    try {
      inserter.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
