package dev.warren.pool;

import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list of numbers, eight bytes each until somebody changes it: like an {@link ArrayList} to
 * everybody else, which it becomes when it is changed or serialised. Not thread-safe when changed.
 */
final class WholeNumbers extends AbstractList<@Nullable Number>
    implements RandomAccess, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Kind kind;
  private transient long[] numbers;
  private transient @Nullable ArrayList<@Nullable Number> changed;

  /** What the numbers are to their reader. */
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

    /** The kind of a type; null where its values are no whole numbers. */
    static @Nullable Kind of(Class<?> type) {
      if (type == int.class || type == Integer.class) {
        return INT;
      }
      return type == long.class || type == Long.class ? LONG : null;
    }
  }

  /** A list of all these; the array is its own from now on. */
  WholeNumbers(Kind kind, long[] numbers) {
    this.kind = kind;
    this.numbers = numbers;
  }

  @Override
  public int size() {
    return changed == null ? numbers.length : changed.size();
  }

  @Override
  public @Nullable Number get(int index) {
    return changed == null ? kind.box(numbers[index]) : changed.get(index);
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
      list = new ArrayList<>(numbers.length);
      for (long number : numbers) {
        list.add(kind.box(number));
      }
      changed = list;
      numbers = new long[0];
    }
    return list;
  }

  @Serial
  private Object writeReplace() throws ObjectStreamException {
    return new ArrayList<>(this);
  }
}
