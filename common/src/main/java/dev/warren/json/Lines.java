package dev.warren.json;

import dev.warren.task.Payload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A body split into lines, or some consecutive lines of it. Only line feeds are searched, because
 * JSON never has a raw one inside a string. Immutable; slices share the body's bytes.
 */
public final class Lines {
  private static final byte LF = '\n';
  private static final long EACH_LF = 0x0a0a0a0a0a0a0a0aL;
  private static final long EACH_HIGHEST = 0x8080808080808080L;

  public static final Lines NONE = new Lines(Payload.EMPTY, new int[0], 0, 0);

  private final Payload body;
  // ends[i] is the index after the last byte of the body's line i, excluding its line feed
  private final int[] ends;
  // index of these lines' first line in the body
  private final int first;
  private final int count;

  private Lines(Payload body, int[] ends, int first, int count) {
    this.body = body;
    this.ends = ends;
    this.first = first;
    this.count = count;
  }

  /**
   * Splits at each line feed; a final line feed ends the last line and does not start an empty one.
   */
  public static Lines split(Payload body) {
    return split(body, 16);
  }

  /** Like {@link #split(Payload)}, with capacity for {@code expected} lines. */
  public static Lines split(Payload body, int expected) {
    int length = body.length();
    Ends ends = new Ends(Math.max(1, Math.min(expected, length)));
    // a line is about ten bytes long, so eight bytes are checked at once
    ByteBuffer bytes = body.toBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    for (; at + 8 <= length; at += 8) {
      long found = lineFeeds(bytes.getLong(at));
      for (; found != 0; found &= found - 1) {
        ends.add(at + (Long.numberOfTrailingZeros(found) >>> 3));
      }
    }
    for (; at < length; at++) {
      if (body.at(at) == LF) {
        ends.add(at);
      }
    }
    if (length > 0 && body.at(length - 1) != LF) {
      ends.add(length);
    }
    return new Lines(body, ends.ends, 0, ends.count);
  }

  /** Sets the highest bit of each byte that is a line feed, and no other bit. */
  private static long lineFeeds(long eight) {
    long others = eight ^ EACH_LF;
    // exact, unlike the shorter formula: no borrow from one byte into the next
    return ~(((others & ~EACH_HIGHEST) + ~EACH_HIGHEST) | others | ~EACH_HIGHEST);
  }

  /** Returns the payload as one line: raw line feeds, legal between JSON tokens, become spaces. */
  public static Lines single(Payload json) {
    Payload line = json;
    if (json.indexOf(LF, 0) >= 0) {
      byte[] copy = Arrays.copyOfRange(json.array(), json.offset(), json.offset() + json.length());
      for (int i = 0; i < copy.length; i++) {
        if (copy[i] == LF) {
          copy[i] = ' ';
        }
      }
      line = Payload.of(copy);
    }
    return new Lines(line, new int[] {line.length()}, 0, 1);
  }

  /** Concatenates the lines; the bytes are copied but not searched. */
  public static Lines concat(List<Lines> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int bytes = 0;
    int lines = 0;
    for (Lines part : parts) {
      bytes += part.bytes(0, part.count) + 1;
      lines += part.count;
    }
    Builder all = new Builder(bytes, lines);
    for (Lines part : parts) {
      all.add(part);
    }
    return all.build();
  }

  public int count() {
    return count;
  }

  /** Whether a line is empty, which is not valid JSON. */
  public boolean anyEmpty() {
    for (int i = 0; i < count; i++) {
      if (start(i) == ends[first + i]) {
        return true;
      }
    }
    return false;
  }

  /** Returns line {@code index} without its line feed. */
  public Payload get(int index) {
    Objects.checkIndex(index, count);
    return body.slice(start(index), ends[first + index]);
  }

  /**
   * Returns lines {@code from} to {@code to} (exclusive) as one payload, without the last line
   * feed.
   */
  public Payload run(int from, int to) {
    return from == to ? Payload.EMPTY : body.slice(start(from), ends[first + to - 1]);
  }

  /** Length in bytes of {@link #run(int, int)}. */
  public int bytes(int from, int to) {
    return from == to ? 0 : ends[first + to - 1] - start(from);
  }

  /** Returns lines {@code from} to {@code to} (exclusive). */
  public Lines slice(int from, int to) {
    Objects.checkFromToIndex(from, to, count);
    return from == 0 && to == count ? this : new Lines(body, ends, first + from, to - from);
  }

  /** Returns the lines from {@code from} on. */
  public Lines from(int from) {
    return slice(from, count);
  }

  /** The array that holds line {@code index}, from {@link #offset} to {@link #end}. */
  public byte[] array() {
    return body.array();
  }

  /** Start of line {@code index} in {@link #array()}. */
  public int offset(int index) {
    return body.offset() + start(index);
  }

  /** End of line {@code index} in {@link #array()}, exclusive. */
  public int end(int index) {
    return body.offset() + ends[first + index];
  }

  private int start(int index) {
    int line = first + index;
    return line == 0 ? 0 : ends[line - 1] + 1;
  }

  /** Collects line ends. */
  private static final class Ends {
    private int[] ends;
    private int count;

    Ends(int room) {
      this.ends = new int[room];
    }

    void add(int end) {
      reserve();
      ends[count++] = end;
    }

    /** Makes room for one more. */
    void reserve() {
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, count * 2);
      }
    }
  }

  /**
   * Builds lines without searching for line feeds. Not thread-safe; must not be used after {@link
   * #build}.
   */
  public static final class Builder {
    private final LineBuffer bytes;
    private final Ends ends;

    /** Creates a builder with capacity for about this many bytes and lines. */
    public Builder(int bytes, int lines) {
      this.bytes = new LineBuffer(Math.max(1, bytes), Integer.MAX_VALUE);
      this.ends = new Ends(Math.max(1, lines));
    }

    public int count() {
      return ends.count;
    }

    public int size() {
      return (int) bytes.size();
    }

    /** The buffer to write the next line to, without line feeds; {@link #endLine} ends it. */
    public LineBuffer line() {
      return bytes;
    }

    /** Ends the current line. */
    public void endLine() {
      int end = (int) bytes.size();
      ends.reserve(); // before anything changes: there may be no memory
      bytes.write(LF);
      ends.add(end);
    }

    /** Adds a line that contains no line feed. */
    public void add(Payload line) {
      bytes.write(line);
      endLine();
    }

    /** Adds all these lines. */
    public void add(Lines lines) {
      int from = (int) bytes.size();
      int base = lines.count == 0 ? 0 : lines.start(0);
      bytes.write(lines.run(0, lines.count));
      for (int i = 0; i < lines.count; i++) {
        ends.add(from + lines.ends[lines.first + i] - base);
      }
      if (lines.count > 0) {
        bytes.write(LF);
      }
    }

    public Lines build() {
      return new Lines(bytes.toPayload(), ends.ends, 0, ends.count);
    }
  }
}
