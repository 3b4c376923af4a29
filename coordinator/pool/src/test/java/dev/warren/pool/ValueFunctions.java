package dev.warren.pool;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Functions and values of the tests of values; they run in children. */
@SuppressWarnings("unused")
public final class ValueFunctions {
  private ValueFunctions() {}

  /** A field without getter, which JSON omits. */
  public static final class Box {
    private int value;

    Box() {}

    Box(int value) {
      this.value = value;
    }

    static int valueOf(Box box) {
      return box.value;
    }

    int value() {
      return value;
    }
  }

  public static Box box(int value) {
    return new Box(value);
  }

  /** A field that the caller excludes. */
  public static final class Cached {
    public int shown;
    @JsonIgnore public int ignored;
    transient int forgotten;
  }

  public static int shown(Cached cached) {
    return cached.shown;
  }

  public static CompletableFuture<Integer> future(int n) {
    return CompletableFuture.completedFuture(n);
  }

  public static Object odd(String kind) {
    return switch (kind) {
      case "object" -> new Object();
      case "thread" -> Thread.currentThread();
      case "stream" -> Stream.generate(() -> 1);
      case "iterator" -> List.of(1).iterator();
      case "exception" -> new IllegalStateException("returned");
      case "long" -> 5L;
      case "nan" -> Double.NaN;
      case "set" -> new java.util.HashSet<>(List.of(1));
      case "bytes" -> new byte[] {1};
      case "record" -> new Item("a", 1);
      case "anonymous" -> new Item2() {};
      case "keys" -> Map.of(1, "one");
      case "loop" -> loop();
      case "deep" -> deep();
      case "getter" -> new Throwing();
      case "lambda" -> (Supplier<Integer>) () -> 1;
      default -> kind;
    };
  }

  private static Object loop() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    return list;
  }

  private static Object deep() {
    Object inner = 1;
    for (int i = 0; i < 100_000; i++) {
      inner = List.of(inner);
    }
    return inner;
  }

  static class Item2 {
    public int count;
  }

  /** Its getter fails. */
  public static final class Throwing {
    public int getValue() {
      throw new AssertionError("no value");
    }
  }

  public static Throwing throwing(int n) {
    return new Throwing();
  }

  public record Item(String name, int count) {}

  public static List<Item> items(int n) {
    return List.of(new Item("a", n), new Item("b", n));
  }

  public static int counts(List<Item> items) {
    return items.stream().mapToInt(Item::count).sum();
  }

  public static int size(List<?> items) {
    return items.size();
  }

  public static <T> List<T> listed(T item) {
    return List.of(item);
  }

  public static <T> T same(T item) {
    return item;
  }

  public static <T> @Nullable T made(String name, Class<T> type) {
    return type == Item.class ? type.cast(new Item(name, 1)) : null;
  }

  public static Map<String, Object> natural(int n) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("int", n);
    all.put("text", "t");
    all.put("list", List.of(1.5, true));
    all.put("map", new HashMap<>(Map.of("a", 1)));
    return all;
  }

  public record Raw(@JsonRawValue String raw) {}

  public static Raw raw(int n) {
    return new Raw(n == 7 ? "10}}{\"value\":{\"raw\":666" : Integer.toString(n));
  }

  /** Parsed again as raw text. */
  public static final class Kept {
    @JsonRawValue public @Nullable Object raw;
  }

  public static Kept kept(int n) {
    Kept kept = new Kept();
    kept.raw = n == 7 ? "10}}{\"value\":{\"raw\":666" : n == 8 ? "1,\n2" : "" + n;
    return kept;
  }

  public sealed interface Shape permits Circle {}

  public record Circle(double radius) implements Shape {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes(@JsonSubTypes.Type(Dot.class))
  public sealed interface Marked permits Dot {}

  public record Dot(int x) implements Marked {}

  public static Shape circle(int n) {
    return new Circle(n);
  }

  public static List<Marked> marked(List<Marked> all) {
    return all;
  }

  public static BitSet bits(BitSet bits) {
    return bits;
  }

  public static Item doubled(Item item) {
    return new Item(item.name() + item.name(), 2 * item.count());
  }

  public static String described(
      int i, Integer boxed, double d, boolean b, String s, Optional<String> o) {
    return i + "," + boxed + "," + d + "," + b + "," + s + "," + o;
  }

  public enum Colour {
    RED,
    GREEN
  }

  public record Optionals(
      String name,
      Optional<String> note,
      @JsonProperty(isRequired = OptBoolean.FALSE) @Nullable String more) {}

  public static String optionals(Optionals optionals) {
    return optionals.name() + optionals.note().orElse("-") + optionals.more();
  }

  public static String colour(Colour colour) {
    return colour.name();
  }

  public static long wide(long number) {
    return number;
  }

  /** Jackson does not support it, but the tests' mapper does. */
  public static final class Money {
    final long cents;

    Money(long cents) {
      this.cents = cents;
    }
  }

  public static Money twice(Money money) {
    return new Money(2 * money.cents);
  }

  public static boolean paid(Money money) {
    return money.cents > 0;
  }

  private static volatile long paidAtStart;

  public static void pay(Money money) {
    paidAtStart = money.cents;
  }

  public static long paidAtStart(int n) {
    return paidAtStart;
  }

  /** A user's mapper. */
  static final class MoneyJson implements Supplier<JsonMapper> {
    private static final class Writer extends StdSerializer<Money> {
      Writer() {
        super(Money.class);
      }

      @Override
      public void serialize(Money money, JsonGenerator out, SerializationContext context) {
        out.writeString(money.cents + " ct");
      }
    }

    private static final class Reader extends StdDeserializer<Money> {
      Reader() {
        super(Money.class);
      }

      @Override
      public Money deserialize(JsonParser parser, DeserializationContext context) {
        return new Money(Long.parseLong(parser.getString().replace(" ct", "")));
      }
    }

    @Override
    public JsonMapper get() {
      SimpleModule module = new SimpleModule("money");
      module.addSerializer(new Writer());
      module.addDeserializer(Money.class, new Reader());
      return JsonMapper.builder().addModule(module).build();
    }
  }

  /** A mapper that only the caller can create. */
  static final class CallersJson implements Supplier<JsonMapper> {
    @Override
    public JsonMapper get() {
      if (!Boolean.getBoolean("warren.callers.json")) {
        throw new IllegalStateException("no licence");
      }
      return JsonMapper.shared();
    }
  }
}
