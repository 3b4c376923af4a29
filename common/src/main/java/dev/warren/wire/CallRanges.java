package dev.warren.wire;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Call numbers in the order of a message's lines, with the text form {@code 17-23,25,40-41}.
 * Numbers are unique among one owner's calls. Immutable.
 */
public final class CallRanges {
  private final long[] firsts;
  private final long[] lasts;
  private final int count;

  private CallRanges(long[] firsts, long[] lasts, int count) {
    this.firsts = firsts;
    this.lasts = lasts;
    this.count = count;
  }

  public static CallRanges of(long first, int count) {
    return new CallRanges(new long[] {first}, new long[] {first + count - 1}, count);
  }

  /** Call numbers in the given order; consecutive numbers share a range. */
  public static CallRanges of(long[] numbers) {
    Builder builder = new Builder();
    for (long number : numbers) {
      builder.add(number);
    }
    return builder.build();
  }

  /**
   * Parses the text form.
   *
   * @throws WireFormatException if it is malformed or has more than 10 million calls
   */
  public static CallRanges parse(String text) {
    Builder ranges = new Builder(1);
    long total = 0;
    for (int from = 0, to; from <= text.length(); from = to + 1) {
      int comma = text.indexOf(',', from);
      to = comma < 0 ? text.length() : comma;
      int dash = text.indexOf('-', from);
      try {
        boolean one = dash < 0 || dash >= to;
        long first = Long.parseLong(text, from, one ? to : dash, 10);
        long last = one ? first : Long.parseLong(text, dash + 1, to, 10);
        total += last - first + 1;
        if (first < 0 || last < first || total > 10_000_000 || total <= 0) {
          throw new WireFormatException(
              "warren-calls: bad range '" + Headers.cut(text.substring(from, to)) + "'");
        }
        ranges.append(first, last);
      } catch (NumberFormatException e) {
        throw new WireFormatException(
            "warren-calls: not a range: '" + Headers.cut(text.substring(from, to)) + "'", e);
      }
    }
    return ranges.build();
  }

  public int count() {
    return count;
  }

  /** Number of runs of consecutive numbers. */
  public int ranges() {
    return firsts.length;
  }

  /** Returns the number at position {@code index}. */
  public long get(int index) {
    int rest = index;
    for (int i = 0; i < firsts.length; i++) {
      long size = lasts[i] - firsts[i] + 1;
      if (rest < size) {
        return firsts[i] + rest;
      }
      rest -= (int) size;
    }
    throw new IndexOutOfBoundsException(index);
  }

  /** Returns the position of a number; -1 if it is not among them. */
  public int indexOf(long number) {
    int before = 0;
    for (int i = 0; i < firsts.length; i++) {
      if (firsts[i] <= number && number <= lasts[i]) {
        return before + (int) (number - firsts[i]);
      }
      before += (int) (lasts[i] - firsts[i] + 1);
    }
    return -1;
  }

  /** Returns the numbers at positions {@code from} to {@code to} (exclusive). */
  public CallRanges slice(int from, int to) {
    if (from == 0 && to == count) {
      return this;
    }
    if (firsts.length == 1 && from < to) {
      return of(firsts[0] + from, to - from);
    }
    Builder builder = new Builder();
    int position = 0;
    for (int i = 0; i < firsts.length && position < to; i++) {
      int size = (int) (lasts[i] - firsts[i] + 1);
      int low = Math.max(from - position, 0);
      int high = Math.min(to - position, size);
      if (low < high) {
        builder.add(firsts[i] + low, firsts[i] + high - 1);
      }
      position += size;
    }
    return builder.build();
  }

  public void forEach(LongConsumer action) {
    forEachRange(
        (first, last) -> {
          for (long number = first; number <= last; number++) {
            action.accept(number);
          }
        });
  }

  /** Calls {@code action} once per run of consecutive numbers, in order. */
  public void forEachRange(RangeConsumer action) {
    for (int i = 0; i < firsts.length; i++) {
      action.accept(firsts[i], lasts[i]);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CallRanges that
        && Arrays.equals(firsts, that.firsts)
        && Arrays.equals(lasts, that.lasts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(firsts) + Arrays.hashCode(lasts);
  }

  /** The form on the wire. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < firsts.length; i++) {
      if (i > 0) {
        text.append(',');
      }
      text.append(firsts[i]);
      if (lasts[i] != firsts[i]) {
        text.append('-').append(lasts[i]);
      }
    }
    return text.toString();
  }

  /** Receives the first and last number of a run, both inclusive. */
  @FunctionalInterface
  public interface RangeConsumer {
    void accept(long first, long last);
  }

  /** Collects numbers in order. Not thread-safe. */
  public static final class Builder {
    private long[] firsts;
    private long[] lasts;
    private int ranges;
    private int count;

    public Builder() {
      this(4);
    }

    private Builder(int room) {
      firsts = new long[room];
      lasts = new long[room];
    }

    public void add(long number) {
      add(number, number);
    }

    /** Adds all numbers from {@code first} to {@code last}, inclusive. */
    public void add(long first, long last) {
      if (ranges > 0 && lasts[ranges - 1] + 1 == first) {
        count += (int) (last - first + 1);
        lasts[ranges - 1] = last;
      } else {
        append(first, last);
      }
    }

    /** Adds a separate range. */
    private void append(long first, long last) {
      count += (int) (last - first + 1);
      if (ranges == firsts.length) {
        firsts = Arrays.copyOf(firsts, ranges * 2);
        lasts = Arrays.copyOf(lasts, ranges * 2);
      }
      firsts[ranges] = first;
      lasts[ranges++] = last;
    }

    public int count() {
      return count;
    }

    /** Number of runs of consecutive numbers so far. */
    public int ranges() {
      return ranges;
    }

    public CallRanges build() {
      boolean full = ranges == firsts.length;
      return new CallRanges(
          full ? firsts : Arrays.copyOf(firsts, ranges),
          full ? lasts : Arrays.copyOf(lasts, ranges),
          count);
    }
  }
}
