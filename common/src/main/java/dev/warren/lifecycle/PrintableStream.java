package dev.warren.lifecycle;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A stream of UTF-8 text to a terminal, a pipe or a log file: line feeds stay, tabs become spaces,
 * and any other character that is not {@link Printable} becomes an escape such as {@code \u001b}.
 * That is the escape of JSON strings, so JSON keeps its values. Invalid UTF-8 becomes U+FFFD. Plain
 * text costs one check per byte. Thread-safe.
 */
public final class PrintableStream extends OutputStream {
  private final OutputStream out;
  // bytes of an incomplete character
  private final byte[] pending = new byte[4];
  private int pendingLength;
  private int pendingWanted;

  public PrintableStream(OutputStream out) {
    this.out = out;
  }

  /** A print stream onto {@code out} that is flushed after each line. */
  public static PrintStream onto(OutputStream out) {
    return new PrintStream(new PrintableStream(out), true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    int from = offset;
    for (int at = offset; at < end; at++) {
      byte b = bytes[at];
      if (pendingLength == 0 && ((b >= ' ' && b != 0x7f) || b == '\n')) {
        continue;
      }
      out.write(bytes, from, at - from);
      from = at + 1;
      if (pendingLength > 0 && (b & 0xc0) != 0x80) {
        unfinished();
        from = at;
        at--;
      } else {
        special(b);
      }
    }
    out.write(bytes, from, end - from);
  }

  /** Handles a control character, or a byte of a character outside ASCII. */
  private void special(byte b) throws IOException {
    if (b >= 0) {
      put(b);
    } else if (pendingLength > 0) {
      pending[pendingLength++] = b;
      if (pendingLength == pendingWanted) {
        finished();
      }
    } else {
      pendingWanted = (b & 0xe0) == 0xc0 ? 2 : (b & 0xf0) == 0xe0 ? 3 : (b & 0xf8) == 0xf0 ? 4 : 0;
      if (pendingWanted == 0) {
        put(0xfffd);
      } else {
        pending[pendingLength++] = b;
      }
    }
  }

  private void finished() throws IOException {
    // overlong forms and surrogates become one or more U+FFFD
    String text = new String(pending, 0, pendingLength, StandardCharsets.UTF_8);
    pendingLength = 0;
    for (int c : text.codePoints().toArray()) {
      put(c);
    }
  }

  private void unfinished() throws IOException {
    pendingLength = 0;
    put(0xfffd);
  }

  private void put(int codePoint) throws IOException {
    String text = codePoint == '\t' ? " " : Printable.character(codePoint);
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }

  @Override
  public synchronized void close() throws IOException {
    if (pendingLength > 0) {
      unfinished();
    }
    out.close();
  }
}
