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

/**
 * Writes a job's input: collects lines into blocks, lets other threads compress them, and inserts
 * them in order. Confined to one thread.
 */
final class InputWriter implements AutoCloseable {
  private static final int BLOCK_BYTES = 1 << 20;

  /** Blocks that are compressed at the same time. */
  private static final int COMPRESSED_AT_ONCE =
      Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));

  private final BlockSink sink;
  private final InputDigester digester;
  private final ExecutorService compressors = NamedThreads.elastic("upload-deflate");
  private final Deque<Pending> pending = new ArrayDeque<>();
  private LineBuffer block = new LineBuffer(BLOCK_BYTES + BLOCK_BYTES / 16, Integer.MAX_VALUE);
  private int blockLines;
  private long lines;
  private long bytes;
  private long nextSeq;

  /**
   * Creates a writer that continues an input.
   *
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

  private record Pending(long first, int count, Future<byte[]> body) {}

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
    if (pending.size() == COMPRESSED_AT_ONCE) {
      storeOldest();
    }
    Payload content = block.toPayload();
    int count = blockLines;
    pending.add(
        new Pending(
            lines - count, count, compressors.submit(() -> BlockCodec.encode(content, count))));
    block = new LineBuffer(BLOCK_BYTES + BLOCK_BYTES / 16, Integer.MAX_VALUE);
    blockLines = 0;
  }

  private void storeOldest() {
    Pending oldest = pending.remove();
    try {
      sink.store(nextSeq, oldest.first, oldest.count, oldest.body.get());
      nextSeq++;
      CrashPoint.INPUT_BLOCK_STORED.reached();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while the input was being written", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StoreException("cannot store the input: " + cause.getMessage(), cause);
    }
  }

  /** Writes what was added. */
  void finish() {
    if (blockLines > 0) {
      endBlock();
    }
    while (!pending.isEmpty()) {
      storeOldest();
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

  @Override
  public void close() {
    compressors.shutdownNow();
  }
}
