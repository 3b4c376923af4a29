package dev.warren.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Classes of the shapes that people write, for {@link RandomValues} to fill. */
@SuppressWarnings({
  "unused",
  "NullAway",
  "UnusedVariable",
  "FieldCanBeFinal",
  "ArrayRecordComponent"
})
final class Shapely {
  private Shapely() {}

  record Point(int x, double y) {}

  record Item(String name, @Nullable Integer count, List<Point> points) {}

  record Wide(
      long id,
      float f,
      Float boxed,
      char c,
      short s,
      byte b,
      boolean flag,
      BigDecimal price,
      Instant at,
      byte[] bytes,
      Optional<String> note,
      Object any) {}

  record Pair<A, B>(A first, B second) {}

  record Node(String name, @Nullable Node next, Map<String, Node> children) {}

  /** Changes what it is given. */
  record Rounded(double value) {
    Rounded {
      value = Math.round(value * 100) / 100.0 + 0.01;
    }
  }

  /** Changes it once only. */
  record Sorted(List<Integer> numbers) {
    Sorted {
      numbers = numbers == null ? List.of() : numbers.stream().sorted().toList();
    }
  }

  /** Tells something else than it holds. */
  record Masked(String secret) {
    @Override
    public String secret() {
      return "***";
    }
  }

  record Derived(int width, int height) {
    public int getArea() {
      return width * height;
    }

    public boolean isEmpty() {
      return width == 0;
    }
  }

  record Named(@JsonProperty("n") String name, @JsonIgnore @Nullable String hidden) {}

  record Raw(@JsonRawValue String raw) {}

  record Picky(int positive) {
    Picky {
      if (positive < 0) {
        throw new IllegalArgumentException("negative: " + positive);
      }
    }
  }

  static class Bean {
    private int count;
    private @Nullable String text;
    private List<Item> items = new ArrayList<>();

    public int getCount() {
      return count;
    }

    public void setCount(int count) {
      this.count = count;
    }

    public @Nullable String getText() {
      return text;
    }

    public void setText(@Nullable String text) {
      this.text = text;
    }

    public List<Item> getItems() {
      return items;
    }

    public void setItems(List<Item> items) {
      this.items = items;
    }

    /** Derived, and no property that can be set. */
    public int getDoubled() {
      return 2 * count;
    }
  }

  static class SubBean extends Bean {
    private long extra;

    public long getExtra() {
      return extra;
    }

    public void setExtra(long extra) {
      this.extra = extra;
    }
  }

  /** The one of the first fault. */
  static class Hidden {
    private int value;

    Hidden() {}
  }

  static class HalfHidden {
    public int shown;
    private @Nullable String hidden;
  }

  static class Open {
    public double a;
    public float f;
    public @Nullable Object any;
    public @Nullable Set<String> names;
    public int @Nullable [] numbers;
    public @Nullable Shape shape;
    public @Nullable Marked marked;
    public transient int cache;
  }

  static class ReadOnly {
    private final int value;

    ReadOnly(int value) {
      this.value = value;
    }

    public int getValue() {
      return value;
    }
  }

  static class Created {
    private final int value;
    private final String text;

    @JsonCreator
    Created(@JsonProperty("value") int value, @JsonProperty("text") String text) {
      this.value = value;
      this.text = text;
    }

    public int getValue() {
      return value;
    }

    public String getText() {
      return text;
    }
  }

  static class Money {
    private final long cents;

    Money(long cents) {
      this.cents = cents;
    }

    @JsonCreator
    static Money of(String text) {
      return new Money(Long.parseLong(text));
    }

    @JsonValue
    String text() {
      return Long.toString(cents);
    }
  }

  static class BadGetter {
    public int value;

    public int getOther() {
      if (value % 2 == 0) {
        throw new IllegalStateException("even");
      }
      return value;
    }
  }

  static class WrongSetter {
    private int value;

    public int getValue() {
      return value;
    }

    public void setValue(int value) {
      this.value = value + 1;
    }
  }

  static class Loop {
    public @Nullable Loop next;
    public int value;
  }

  @SuppressWarnings("ClassCanBeStatic")
  class Inner {
    public int value;
  }

  static class Tagged extends ArrayList<Integer> {
    private static final long serialVersionUID = 1;
    @Nullable String tag;
  }

  /** Implementations that nobody has named. */
  sealed interface Shape permits Circle, Square {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({@JsonSubTypes.Type(Dot.class), @JsonSubTypes.Type(Line.class)})
  sealed interface Marked permits Dot, Line {}

  record Dot(int x) implements Marked {}

  record Line(Dot from, Dot to, List<Marked> on) implements Marked {}

  enum Plain {
    RED,
    GREEN
  }

  enum Bodied {
    ONE {
      @Override
      int number() {
        return 1;
      }
    },
    TWO {
      @Override
      int number() {
        return 2;
      }
    };

    abstract int number();
  }

  /** Two that look the same. */
  enum Alike {
    A,
    B;

    @Override
    public String toString() {
      return "same";
    }
  }

  enum Renamed {
    @JsonProperty("first")
    ONE,
    TWO
  }
}
