package dev.warren.jobs.store;

import dev.warren.json.LineBuffer;
import dev.warren.task.Payload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Computes the digests of an input while its lines are read, and compares them with those of
 * another input. Each line counts with a line feed. Confined to one thread.
 */
public final class InputDigester {
  private static final int FLUSHED = 8192;

  private final MessageDigest sha;
  private final @Nullable InputDigest old;
  private final LineBuffer blocks = new LineBuffer(InputDigest.BYTES * 8, Integer.MAX_VALUE);
  // bytes that the current block's digest does not contain yet
  private final byte[] waiting = new byte[FLUSHED];
  private int waitingBytes;
  private long lines;
  private long differentBlock = -1;
  private boolean contained;

  /** Creates a digester without lines, which compares nothing. */
  public InputDigester() {
    this(null);
  }

  private InputDigester(@Nullable InputDigest old) {
    try {
      this.sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    this.old = old;
    this.contained = old != null && old.lines() == 0;
  }

  /** Creates a digester that compares its lines with another input's. */
  public static InputDigester comparing(InputDigest old) {
    return new InputDigester(old);
  }

  /**
   * Creates a digester that continues an input: its complete blocks are taken over, and the lines
   * behind them must be added again, from line {@link #lines()} on.
   */
  public static InputDigester continuing(InputDigest input) {
    InputDigester digester = new InputDigester(null);
    long complete = input.lines() / InputDigest.BLOCK;
    digester.blocks.write(input.blocks().slice(0, (int) complete * InputDigest.BYTES));
    digester.lines = complete * InputDigest.BLOCK;
    return digester;
  }

  /** Adds a line, without its line end. */
  public void add(Payload line) {
    int length = line.length();
    if (waitingBytes + length + 1 > FLUSHED) {
      flush();
    }
    if (length < FLUSHED) {
      System.arraycopy(line.array(), line.offset(), waiting, waitingBytes, length);
      waitingBytes += length;
    } else {
      sha.update(line.array(), line.offset(), length);
    }
    waiting[waitingBytes++] = '\n';
    lines++;
    if (lines % InputDigest.BLOCK == 0) {
      endBlock();
    }
    if (old != null && lines == old.lines()) {
      compareLastBlock(old);
    }
  }

  private void flush() {
    sha.update(waiting, 0, waitingBytes);
    waitingBytes = 0;
  }

  private void endBlock() {
    flush();
    byte[] digest = sha.digest();
    long block = lines / InputDigest.BLOCK - 1;
    blocks.write(digest);
    if (old != null && lines <= old.lines()) {
      compare(old, block, digest);
    }
  }

  /** All lines of the other input have been added. */
  private void compareLastBlock(InputDigest other) {
    if (lines % InputDigest.BLOCK != 0) {
      compare(other, lines / InputDigest.BLOCK, digestSoFar());
    }
    contained = differentBlock < 0;
  }

  private void compare(InputDigest other, long block, byte[] digest) {
    if (differentBlock >= 0) {
      return;
    }
    int at = other.blocks().offset() + (int) block * InputDigest.BYTES;
    if (!Arrays.equals(
        digest, 0, digest.length, other.blocks().array(), at, at + InputDigest.BYTES)) {
      differentBlock = block;
    }
  }

  /** The digest of the lines of the current block, to which more may be added. */
  private byte[] digestSoFar() {
    flush();
    try {
      return ((MessageDigest) sha.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of this Java cannot be continued", e);
    }
  }

  /** Number of lines added. */
  public long lines() {
    return lines;
  }

  /** The digests of the lines added; more may follow. */
  public InputDigest digest() {
    byte[] whole = Arrays.copyOf(blocks.array(), (int) blocks.size() + partialBytes());
    if (partialBytes() > 0) {
      System.arraycopy(digestSoFar(), 0, whole, (int) blocks.size(), InputDigest.BYTES);
    }
    return new InputDigest(lines, Payload.of(whole));
  }

  private int partialBytes() {
    return lines % InputDigest.BLOCK == 0 ? 0 : InputDigest.BYTES;
  }

  /**
   * The first block that differs from the other input's, as far as both have complete blocks or the
   * other's last block was reached; empty if none does.
   */
  public OptionalLong differentBlock() {
    return differentBlock < 0 ? OptionalLong.empty() : OptionalLong.of(differentBlock);
  }

  /** Whether the lines added begin with all lines of the other input; they may be the same. */
  public boolean containsOther() {
    return contained;
  }
}
