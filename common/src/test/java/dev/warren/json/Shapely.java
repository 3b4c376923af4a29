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

/** Classes as people write them, for {@link RandomValues} to fill. */
@SuppressWarnings({
  "unused",
  "NullAway",
  "UnusedVariable",
  "FieldCanBeFinal",
  "ArrayRecordComponent"
})
public final class Shapely {
  private Shapely() {}

  public record Point(int x, double y) {}

  public record Item(String name, @Nullable Integer count, List<Point> points) {}

  public record Wide(
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

  public record Pair<A, B>(A first, B second) {}

  public record Node(String name, @Nullable Node next, Map<String, Node> children) {}

  /** Changes the value that it is given. */
  public record Rounded(double value) {
    public Rounded {
      value = Math.round(value * 100) / 100.0 + 0.01;
    }
  }

  /** Changes it the first time only. */
  public record Sorted(List<Integer> numbers) {
    public Sorted {
      numbers = numbers == null ? List.of() : numbers.stream().sorted().toList();
    }
  }

  /** Its getter returns something other than its field. */
  public record Masked(String secret) {
    @Override
    public String secret() {
      return "***";
    }
  }

  public record Derived(int width, int height) {
    public int getArea() {
      return width * height;
    }

    public boolean isEmpty() {
      return width == 0;
    }
  }

  public record Named(@JsonProperty("n") String name, @JsonIgnore @Nullable String hidden) {}

  public record Raw(@JsonRawValue String raw) {}

  public record Picky(int positive) {
    public Picky {
      if (positive < 0) {
        throw new IllegalArgumentException("negative: " + positive);
      }
    }
  }

  public static class Bean {
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

    /** Derived, and not a property that can be set. */
    public int getDoubled() {
      return 2 * count;
    }
  }

  public static class SubBean extends Bean {
    private long extra;

    public long getExtra() {
      return extra;
    }

    public void setExtra(long extra) {
      this.extra = extra;
    }
  }

  /** The class of the first reported bug. */
  public static class Hidden {
    private int value;

    Hidden() {}
  }

  public static class HalfHidden {
    public int shown;
    private @Nullable String hidden;
  }

  public static class Open {
    public double a;
    public float f;
    public @Nullable Object any;
    public @Nullable Set<String> names;
    public int @Nullable [] numbers;
    public @Nullable Shape shape;
    public @Nullable Marked marked;
    public transient int cache;
  }

  public static class ReadOnly {
    private final int value;

    ReadOnly(int value) {
      this.value = value;
    }

    public int getValue() {
      return value;
    }
  }

  public static class Created {
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

  public static class Money {
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

  public static class BadGetter {
    public int value;

    public int getOther() {
      if (value % 2 == 0) {
        throw new IllegalStateException("even");
      }
      return value;
    }
  }

  public static class WrongSetter {
    private int value;

    public int getValue() {
      return value;
    }

    public void setValue(int value) {
      this.value = value + 1;
    }
  }

  public static class Loop {
    public @Nullable Loop next;
    public int value;
  }

  @SuppressWarnings("ClassCanBeStatic")
  public class Inner {
    public int value;
  }

  public static class Tagged extends ArrayList<Integer> {
    private static final long serialVersionUID = 1;
    @Nullable String tag;
  }

  /** Implementations without a declared name. */
  public sealed interface Shape permits Circle, Square {}

  public record Circle(double radius) implements Shape {}

  public record Square(double side) implements Shape {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({@JsonSubTypes.Type(Dot.class), @JsonSubTypes.Type(Line.class)})
  public sealed interface Marked permits Dot, Line {}

  public record Dot(int x) implements Marked {}

  public record Line(Dot from, Dot to, List<Marked> on) implements Marked {}

  public enum Plain {
    RED,
    GREEN
  }

  public enum Bodied {
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

  /** Two classes that look the same in JSON. */
  public enum Alike {
    A,
    B;

    @Override
    public String toString() {
      return "same";
    }
  }

  public enum Renamed {
    @JsonProperty("first")
    ONE,
    TWO
  }
}
