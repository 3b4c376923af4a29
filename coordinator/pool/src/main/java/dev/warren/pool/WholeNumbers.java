package dev.warren.pool;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list of whole numbers that uses eight bytes each until it is modified. It behaves like an
 * {@link ArrayList}, and becomes one when it is modified or serialized. Not thread-safe if
 * modified.
 */
final class WholeNumbers extends AbstractList<@Nullable Number>
    implements RandomAccess, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Kind kind;
  private final transient int segmentBits;
  // segments of equal length; a single segment may be shorter
  private transient long[][] numbers;
  private transient int size;
  private transient @Nullable ArrayList<@Nullable Number> changed;

  /** The number type that readers see. */
  enum Kind {
    INT {
      @Override
      Number box(long number) {
        return (int) number;
      }
    },
    LONG {
      @Override
      Number box(long number) {
        return number;
      }
    };

    abstract Number box(long number);

    /** The kind of a type; null if its values are not whole numbers. */
    static @Nullable Kind of(Class<?> type) {
      if (type == int.class || type == Integer.class) {
        return INT;
      }
      return type == long.class || type == Long.class ? LONG : null;
    }
  }

  /**
   * A list of the first {@code size} numbers; it takes over the arrays.
   *
   * @param segmentBits a segment has 2 to this power of numbers
   */
  WholeNumbers(Kind kind, long[][] numbers, int size, int segmentBits) {
    this.kind = kind;
    this.numbers = numbers;
    this.size = size;
    this.segmentBits = segmentBits;
  }

  @Override
  public int size() {
    return changed == null ? size : changed.size();
  }

  @Override
  public @Nullable Number get(int index) {
    return changed == null ? number(Objects.checkIndex(index, size)) : changed.get(index);
  }

  private Number number(int index) {
    return kind.box(numbers[index >> segmentBits][index & ((1 << segmentBits) - 1)]);
  }

  @Override
  public @Nullable Number set(int index, @Nullable Number number) {
    return toChange().set(index, number);
  }

  @Override
  public void add(int index, @Nullable Number number) {
    toChange().add(index, number);
    modCount++;
  }

  @Override
  public @Nullable Number remove(int index) {
    modCount++;
    return toChange().remove(index);
  }

  @Override
  protected void removeRange(int from, int to) {
    modCount++;
    toChange().subList(from, to).clear();
  }

  private List<@Nullable Number> toChange() {
    ArrayList<@Nullable Number> list = changed;
    if (list == null) {
      list = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        list.add(number(i));
      }
      changed = list;
      numbers = new long[0][];
    }
    return list;
  }

  @Serial
  private Object writeReplace() throws ObjectStreamException {
    return new ArrayList<>(this);
  }
}
