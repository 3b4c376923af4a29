package dev.warren.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import dev.warren.task.Payload;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Which values are written and which are refused. The file is long because of their classes. */
@SuppressWarnings({"unused", "NullAway", "UnusedVariable", "FieldCanBeFinal", "JavaUtilDate"})
class ValueWriterTest {
  private final Values values = Values.standard();

  private static String written(Values values, Type type, @Nullable Object value) {
    LineBuffer line = new LineBuffer(16, Integer.MAX_VALUE);
    values.writer(values.type(type)).write(value, line, true);
    return line.toPayload().text();
  }

  private void isCarried(Type type, @Nullable Object value) {
    String json = written(values, type, value);
    Object back = values.reader(values.type(type), true).read(Payload.of(json));
    assertThat(Spelled.out(back)).as(json).isEqualTo(Spelled.out(value));
  }

  private void isRefused(Type type, @Nullable Object value, String... parts) {
    assertThatThrownBy(() -> written(values, type, value))
        .as("%s", value)
        .isInstanceOf(ValueException.class)
        .satisfies(
            e -> {
              assertThat(e.getMessage()).hasLineCount(1);
              for (String part : parts) {
                assertThat(e.getMessage()).contains(part);
              }
            });
  }

  private static Type of(Class<?> raw, Type... arguments) {
    return new RandomValues.Generic(raw, arguments);
  }

  // ---- fields

  static final class Uncovered {
    public int shown = 1;
    private int hidden;
  }

  static class Parent {
    private String name = "";

    Parent() {}

    Parent(String name) {
      this.name = name;
    }
  }

  static final class Child extends Parent {
    public int age;

    Child() {}

    Child(String name) {
      super(name);
    }
  }

  static final class Final {
    private final int value;

    Final() {
      value = 0;
    }

    Final(int one, int other) {
      this.value = one + other;
    }

    public int getValue() {
      return value;
    }
  }

  static final class Locked {
    private final Object lock = new Object();
    public int value;
  }

  /** Claims to be equal to every object. */
  static final class Lying {
    private int secret;

    @Override
    public boolean equals(Object other) {
      return other instanceof Lying;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  @Test
  void a_field_that_json_omits_is_refused_by_name() {
    Uncovered uncovered = new Uncovered();
    isCarried(Uncovered.class, uncovered);
    uncovered.hidden = 7;
    isRefused(Uncovered.class, uncovered, "hidden is a field of", "Uncovered", "@JsonIgnore");
    isRefused(of(List.class, Uncovered.class), List.of(uncovered), "[0].hidden is a field of");
    isRefused(
        of(Map.class, String.class, Uncovered.class), Map.of("k", uncovered), "[\"k\"].hidden");
    isRefused(of(Optional.class, Uncovered.class), Optional.of(uncovered), "hidden");
    isRefused(Child.class, new Child("c"), "name is a field of");
    isRefused(Final.class, new Final(1, 2), "value is a field of");
    Lying lying = new Lying();
    lying.secret = 3;
    isRefused(Lying.class, lying, "secret");
    isRefused(of(Set.class, Lying.class), new HashSet<>(List.of(lying)), "secret");
    isCarried(Locked.class, new Locked());
  }

  @JsonIgnoreProperties("secret")
  static final class Ignoring {
    public int shown = 3;
    private int secret = 4;
    @JsonIgnore public int other = 5;
    private transient int cache = 6;

    @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
    private int password = 7;
  }

  @Test
  void fields_that_the_author_excludes_are_accepted() {
    Ignoring ignoring = new Ignoring();
    ignoring.secret = 40;
    ignoring.other = 50;
    ignoring.cache = 60;
    ignoring.password = 70;
    assertThat(written(values, Ignoring.class, ignoring)).isEqualTo("{\"shown\":3}");
  }

  /** The names of its constructor's parameters differ from those of its fields. */
  static final class Overloaded {
    public int width;
    public String unit = "";

    public Overloaded() {}

    public Overloaded(int w, String u) {
      width = w;
      unit = u;
    }
  }

  @Test
  void a_class_with_a_no_argument_constructor_needs_no_other() {
    isCarried(Overloaded.class, new Overloaded(3, "mm"));
    isCarried(of(List.class, Overloaded.class), List.of(new Overloaded()));
  }

  @Test
  void properties_with_defaults_are_refused() {
    Properties defaults = new Properties();
    defaults.setProperty("host", "localhost");
    isCarried(Properties.class, defaults);
    isRefused(Properties.class, new Properties(defaults), "has defaults");
    isRefused(of(List.class, Properties.class), List.of(new Properties(defaults)), "[0] has");
  }

  // ---- classes

  @Test
  void a_subclass_round_trips_or_is_refused() {
    isRefused(Parent.class, new Child(), "declare", "Child", "@JsonTypeInfo");
    isRefused(Parent.class, new Parent() {}, "would come back as a", "Parent");
    isRefused(of(List.class, Shapely.Bean.class), List.of(new Shapely.SubBean()), "[0] is a");
    Shapely.Line line = new Shapely.Line(new Shapely.Dot(1), new Shapely.Dot(2), List.of());
    isCarried(Shapely.Marked.class, line);
    isCarried(of(List.class, Shapely.Marked.class), List.of(line, new Shapely.Dot(3)));
    isRefused(Shapely.Shape.class, new Shapely.Circle(1), "@JsonTypeInfo");
    isRefused(of(List.class, Integer.class), new Shapely.Tagged(), "java.util");
  }

  @Test
  void json_natural_types_are_supported_where_the_type_is_unknown() {
    for (Object natural :
        List.of(1, "a", 1.5, true, List.of(1, "b"), Map.of("k", List.of(2.5, false)))) {
      isCarried(Object.class, natural);
    }
    for (Object odd :
        Arrays.asList(
            1L,
            1.5f,
            (short) 1,
            'c',
            new BigDecimal("1.5"),
            BigInteger.ONE,
            Double.NaN,
            Set.of(1),
            new int[] {1},
            new byte[] {1},
            Map.of(1, 2),
            Shapely.Plain.RED,
            java.time.Instant.EPOCH,
            Optional.of(1),
            new Shapely.Point(1, 2),
            new Object())) {
      isRefused(Object.class, odd, "would come back as a");
      isRefused(of(Map.class, String.class, Object.class), Map.of("k", odd), "[\"k\"]");
    }
    isCarried(Object.class, 1L << 40);
    isCarried(Object.class, BigInteger.TEN.pow(30));
    isRefused(Number.class, 5L, "java.lang.Long", "java.lang.Integer");
    isRefused(of(List.class, of(List.class, Object.class)), List.of(List.of(1L)), "[0][0] is a");
  }

  @Test
  void types_without_a_value_are_refused_before_access() {
    isRefused(Object.class, new java.util.concurrent.CompletableFuture<>(), "future");
    isRefused(Object.class, java.util.stream.Stream.generate(() -> 1), "only once");
    isRefused(Object.class, List.of(1).iterator(), "only once");
    isRefused(Exception.class, new Exception("x"), "exception");
    isRefused(Object.class, Thread.currentThread(), "cannot be represented completely in JSON");
    isRefused(Object.class, new java.util.concurrent.locks.ReentrantLock());
    isRefused(Supplier.class, (Supplier<Integer>) () -> 1);
  }

  // ---- numbers and texts

  @Test
  void numbers_and_texts_keep_every_digit_and_character() {
    isCarried(double.class, Double.NaN);
    isCarried(double.class, -0.0);
    isCarried(float[].class, new float[] {Float.MIN_VALUE, Float.POSITIVE_INFINITY});
    isCarried(BigDecimal.class, new BigDecimal("1.10"));
    isCarried(BigDecimal.class, new BigDecimal("1E+400"));
    isRefused(BigInteger.class, BigInteger.TEN.pow(5000));
    isCarried(String.class, "\ud83d alone");
    isCarried(of(List.class, String.class), List.of("\ude00", "a\ud83d"));
    isRefused(of(Map.class, String.class, Integer.class), Map.of("\ud83d", 1));
    isRefused(of(Map.class, String.class, Integer.class), Map.of("k".repeat(60_000), 1));
    isRefused(long.class, 5);
  }

  @Test
  void keys_that_collide_in_json_are_refused() {
    Map<Object, Object> keys = new LinkedHashMap<>();
    keys.put(1, "a");
    keys.put("1", "b");
    isRefused(of(Map.class, Object.class, Object.class), keys);
    isRefused(of(Map.class, Shapely.Alike.class, Integer.class), alike());
    Map<String, Integer> nulls = new HashMap<>();
    nulls.put(null, 1);
    isRefused(of(Map.class, String.class, Integer.class), nulls);
    isRefused(
        of(Map.class, String.class, Integer.class),
        new TreeMap<>(String.CASE_INSENSITIVE_ORDER) {});
    isRefused(of(TreeMap.class, String.class, Integer.class), insensitive());
  }

  private static Map<Shapely.Alike, Integer> alike() {
    Map<Shapely.Alike, Integer> alike = new HashMap<>();
    alike.put(Shapely.Alike.A, 1);
    alike.put(Shapely.Alike.B, 2);
    return alike;
  }

  private static Map<String, Integer> insensitive() {
    Map<String, Integer> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    map.put("a", 1);
    return map;
  }

  // ---- graphs

  static final class Knot {
    public @Nullable Knot next;
  }

  @JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
  static final class Numbered {
    public @Nullable Numbered next;
    public int value;
  }

  @Test
  void a_cycle_is_refused_unless_its_objects_are_numbered() {
    Knot one = new Knot();
    Knot other = new Knot();
    one.next = other;
    other.next = one;
    isRefused(Knot.class, one);
    List<Object> self = new ArrayList<>();
    self.add(self);
    isRefused(Object.class, self);
    Map<String, Object> map = new HashMap<>();
    map.put("m", map);
    isRefused(Object.class, map);
    Numbered numbered = new Numbered();
    numbered.next = new Numbered();
    numbered.next.next = numbered;
    numbered.next.value = 5;
    assertThat(written(values, Numbered.class, numbered)).contains("5");
  }

  // ---- users' ways

  static final class Extra {
    private final Map<String, Object> more = new LinkedHashMap<>();

    @JsonAnyGetter
    public Map<String, Object> getMore() {
      return more;
    }

    @JsonAnySetter
    public void set(String name, Object value) {
      more.put(name, value);
    }
  }

  static final class Day {
    @JsonFormat(shape = JsonFormat.Shape.STRING, pattern = "yyyy-MM-dd")
    public Date date = new Date(0);
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Sparse(@Nullable String a, int b) {}

  static final class Nothing extends StdSerializer<Silent> {
    Nothing() {
      super(Silent.class);
    }

    @Override
    public void serialize(Silent value, JsonGenerator out, SerializationContext context) {
      if (value.text.equals("two")) {
        out.writeRaw("1} {\"value\":2");
      } else if (value.text.equals("lines")) {
        out.writeRawValue("[1,\n2]");
      } else if (!value.text.isEmpty()) {
        throw new IllegalStateException("no " + value.text);
      }
    }
  }

  @JsonSerialize(using = Nothing.class)
  record Silent(String text) {}

  static final class Null extends StdDeserializer<Forgotten> {
    Null() {
      super(Forgotten.class);
    }

    @Override
    public @Nullable Forgotten deserialize(JsonParser parser, DeserializationContext context) {
      parser.skipChildren();
      return null;
    }
  }

  @JsonDeserialize(using = Null.class)
  record Forgotten(int value) {}

  static final class Rounding extends StdSerializer<Double> {
    Rounding() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator out, SerializationContext context) {
      out.writeNumber(Math.round(value));
    }
  }

  static final class Rounded {
    @JsonSerialize(using = Rounding.class)
    public double value;
  }

  @Test
  void users_serializers_are_accepted_if_they_write_one_readable_value() {
    Extra extra = new Extra();
    extra.set("a", 1);
    extra.set("b", List.of("x"));
    isCarried(Extra.class, extra);
    extra.set("c", 5L);
    isRefused(Extra.class, extra);
    Day day = new Day();
    isCarried(Day.class, day);
    day.date = new Date(1);
    isRefused(Day.class, day, "date");
    isCarried(Sparse.class, new Sparse(null, 1));
    isCarried(Sparse.class, new Sparse("a", 1));
    isRefused(Silent.class, new Silent(""));
    isRefused(Silent.class, new Silent("two"));
    isRefused(Silent.class, new Silent("way"), "no way");
    isRefused(Silent.class, new Silent("lines"));
    isRefused(Forgotten.class, new Forgotten(1), "null");
    isRefused(of(List.class, Forgotten.class), List.of(new Forgotten(1)), "[0]");
    Rounded rounded = new Rounded();
    rounded.value = 1.4;
    assertThat(written(values, Rounded.class, rounded)).isEqualTo("{\"value\":1}");
  }

  @Test
  void json_trees_are_values_too() {
    JsonNode tree = JsonMapper.shared().readTree("{\"a\":[1,2.5,null,\"x\"]}");
    assertThat(written(values, JsonNode.class, tree)).isEqualTo("{\"a\":[1,2.5,null,\"x\"]}");
  }

  // ---- a user's mapper

  record Money(long cents) {}

  static final class Tens implements Supplier<JsonMapper> {
    @Override
    public JsonMapper get() {
      SimpleModule module = new SimpleModule("tens");
      module.addSerializer(
          new StdSerializer<Money>(Money.class) {
            @Override
            public void serialize(Money money, JsonGenerator out, SerializationContext context) {
              out.writeNumber(money.cents() / 10);
            }
          });
      module.addDeserializer(
          Money.class,
          new StdDeserializer<Money>(Money.class) {
            @Override
            public Money deserialize(JsonParser parser, DeserializationContext context) {
              return new Money(parser.getLongValue() * 10);
            }
          });
      return JsonMapper.builder().addModule(module).build();
    }
  }

  static final class NoMapper implements Supplier<JsonMapper> {
    @Override
    public JsonMapper get() {
      throw new IllegalStateException("not today");
    }
  }

  static final class Asking implements Supplier<JsonMapper> {
    Asking(int parameter) {}

    @Override
    public JsonMapper get() {
      return JsonMapper.shared();
    }
  }

  @Test
  void a_users_mapper_is_checked_like_any_other() {
    Values own = Values.of(Tens.class);
    assertThat(written(own, Money.class, new Money(50))).isEqualTo("5");
    assertThat(written(own, of(List.class, Money.class), List.of(new Money(50)))).isEqualTo("[5]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> written(own, of(List.class, Money.class), List.of(new Money(55))))
        .withMessageContaining("[0].cents");
    assertThatThrownBy(() -> own.reader(own.type(int.class), true).read(Payload.of("\"\"")))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void a_class_that_provides_no_mapper_is_reported_in_one_line() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Values.of(NoMapper.class))
        .withMessageContaining(
            "NoMapper supplies no mapper: java.lang.IllegalStateException: not today")
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Values.of(Asking.class))
        .withMessageContaining("no no-argument constructor");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Values.of(String.class))
        .withMessageContaining("does not implement Supplier<JsonMapper>");
  }
}
