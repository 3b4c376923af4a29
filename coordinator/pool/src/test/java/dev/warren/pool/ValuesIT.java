package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.pool.ValueFunctions.Box;
import dev.warren.pool.ValueFunctions.Item;
import dev.warren.pool.ValueFunctions.Money;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Conformance: a value is carried whole or refused (docs/VALUES.md). */
class ValuesIT extends OnOneSite {
  private static final String F = ValueFunctions.class.getName() + "::";

  // ---- row 3: a field without getter

  @Test
  void a_field_without_getter_is_refused_as_an_argument() {
    Box box = new Box(42);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool().apply(Box::valueOf, box))
        .withMessageContaining("ValueFunctions$Box")
        .withMessageContaining("value is a field")
        .withMessageContaining("add a getter");
    assertThatThrownBy(() -> pool().map(Box::valueOf, List.of(new Box(0), box)))
        .hasMessageContaining("value is a field");
    assertThatThrownBy(() -> pool().imap(Box::valueOf, List.of(box)).forEachRemaining(value -> {}))
        .hasMessageContaining("value is a field");
  }

  @Test
  void a_field_without_getter_is_refused_as_a_captured_variable() {
    Box box = new Box(42);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool().apply(n -> n + Box.valueOf(box), 1))
        .withMessageContaining("captures a variable")
        .withMessageContaining("value is a field");
  }

  @Test
  void a_field_without_getter_is_refused_as_a_receiver() {
    Box box = new Box(42);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool().<Integer>apply(box::value))
        .withMessageContaining("bound to an object")
        .withMessageContaining("value is a field");
  }

  @Test
  void a_field_without_getter_is_refused_as_an_initializers_argument() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().initializer(Box::valueOf, new Box(42)))
        .withMessageContaining("value is a field");
  }

  @Test
  void a_field_without_getter_is_refused_as_a_result() throws Exception {
    assertThatThrownBy(() -> pool().apply(ValueFunctions::box, 42))
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining("ValueFunctions$Box")
        .hasMessageContaining("value is a field")
        .hasMessageContaining("add a getter");
    List<Throwable> failed = new ArrayList<>();
    assertThat(pool().applyAsync(ValueFunctions::box, 42, v -> {}, failed::add).await(SOON))
        .isTrue();
    assertThat(failed).singleElement().isInstanceOf(ResultNotSerializableException.class);
    ResultIterator<Box> results = pool().imap(ValueFunctions::box, List.of(1, 2));
    assertThatThrownBy(results::next).isInstanceOf(ResultNotSerializableException.class);
  }

  @Test
  void what_the_author_says_not_to_send_is_left_out() {
    ValueFunctions.Cached cached = new ValueFunctions.Cached();
    cached.shown = 3;
    cached.ignored = 4;
    cached.forgotten = 5;
    assertThat(pool().apply(ValueFunctions::shown, cached)).isEqualTo(3);
  }

  // ---- rows 4 and 6: what has no value

  @Test
  void a_promise_is_no_result() {
    assertThatThrownBy(() -> pool().apply(ValueFunctions::future, 1))
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining("CompletableFuture is not a value but a future");
  }

  @Test
  void results_that_would_come_back_as_something_else_are_refused() {
    for (String kind :
        List.of(
            "object",
            "thread",
            "stream",
            "iterator",
            "exception",
            "long",
            "nan",
            "set",
            "bytes",
            "record",
            "anonymous",
            "keys",
            "loop",
            "deep",
            "getter",
            "lambda")) {
      assertThatThrownBy(() -> pool().apply(ValueFunctions::odd, kind))
          .as(kind)
          .isInstanceOf(ResultNotSerializableException.class)
          .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }
    assertThat(pool().apply(ValueFunctions::odd, "text")).isEqualTo("text");
  }

  @Test
  void a_getter_that_fails_costs_its_own_call_only() {
    assertThatThrownBy(() -> pool().apply(ValueFunctions::throwing, 1))
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining("no value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool().apply(t -> 1, new ValueFunctions.Throwing()));
    assertThat(pool().apply(ValueFunctions::odd, "text")).isEqualTo("text");
  }

  @Test
  void arguments_that_would_arrive_as_something_else_are_refused() {
    for (Object odd :
        Arrays.asList(
            5L,
            Double.NaN,
            1.5f,
            'c',
            new byte[] {1},
            new Item("a", 1),
            Thread.currentThread(),
            Stream.generate(() -> 1),
            List.of(1).iterator(),
            Map.of(1, "one"),
            new Object(),
            new IllegalStateException("x"))) {
      assertThatIllegalArgumentException()
          .as("%s", odd)
          .isThrownBy(() -> pool().apply(ValueFunctions::same, odd))
          .withMessageContaining("argument 1 of " + ValueFunctions.class.getName() + "::same");
    }
    assertThat(pool().<Object, Object>apply(ValueFunctions::same, List.of(1, "a", true, 2.5)))
        .isEqualTo(List.of(1, "a", true, 2.5));
  }

  @Test
  void subclasses_travel_where_annotations_tell_them_apart() {
    assertThatThrownBy(() -> pool().apply(ValueFunctions::circle, 1))
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining("@JsonTypeInfo");
    List<ValueFunctions.Marked> marked = List.of(new ValueFunctions.Dot(4));
    assertThat(pool().apply(ValueFunctions::marked, marked)).isEqualTo(marked);
  }

  @Test
  void a_set_of_bits_is_carried() {
    BitSet bits = BitSet.valueOf(new long[] {5, 1L << 63});
    assertThat(pool().apply(ValueFunctions::bits, bits)).isEqualTo(bits);
  }

  // ---- row 5: strict reading

  private Object json(TaskOptions options, String function, String arguments) {
    try (JsonOutcomes outcomes =
        pool()
            .with(options)
            .json(F + function, List.of(Payload.of(arguments)).iterator(), true, 1)) {
      return outcomes.next().<Object>fold(value -> value.text(), failure -> failure);
    }
  }

  private void isRejected(String function, String arguments, String... parts) {
    Object strict = json(options().build(), function, arguments);
    assertThat(strict).as(arguments).isInstanceOf(RemoteFailure.class);
    var failure = (RemoteFailure) strict;
    assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
    for (String part : parts) {
      assertThat(failure.message()).as(arguments).contains(part);
    }
    assertThat(failure.message()).hasLineCount(1);
  }

  private Object lax(String function, String arguments) {
    return json(options().strictJson(false).build(), function, arguments);
  }

  @Test
  void properties_that_are_unknown_missing_or_misspelt_are_refused_with_their_place() {
    isRejected("doubled", "[{\"name\":\"a\",\"count\":1,\"colour\":2}]", "colour");
    isRejected("doubled", "[{\"name\":\"a\"}]", "count");
    isRejected("doubled", "[{\"name\":\"a\",\"cuont\":1}]", "cuont");
    isRejected("doubled", "[{\"name\":\"a\",\"count\":null}]", "count", "null");
    isRejected("doubled", "[{\"name\":\"a\",\"count\":1,\"count\":2}]", "count");
    isRejected(
        "counts", "[[{\"name\":\"a\",\"count\":1},{\"name\":\"a\",\"count\":\"\"}]]", "[1].count");
    assertThat(lax("doubled", "[{\"name\":\"a\",\"colour\":2}]"))
        .isEqualTo("{\"name\":\"aa\",\"count\":0}");
    assertThat(lax("doubled", "[{\"name\":\"a\",\"count\":null}]"))
        .isEqualTo("{\"name\":\"aa\",\"count\":0}");
  }

  @Test
  void what_may_be_left_out_by_its_type_or_annotation_may() {
    assertThat(json(options().build(), "optionals", "[{\"name\":\"n\"}]")).isEqualTo("\"n-null\"");
    isRejected("optionals", "[{\"note\":\"x\"}]", "name");
  }

  @Test
  void values_of_another_kind_are_refused() {
    String good = "[1,2,1.5,true,\"s\",\"o\"]";
    assertThat(json(options().build(), "described", good))
        .isEqualTo("\"1,2,1.5,true,s,Optional[o]\"");
    for (String bad :
        List.of(
            "[\"\",2,1.5,true,\"s\",\"o\"]",
            "[\"1\",2,1.5,true,\"s\",\"o\"]",
            "[1.5,2,1.5,true,\"s\",\"o\"]",
            "[1.0,2,1.5,true,\"s\",\"o\"]",
            "[null,2,1.5,true,\"s\",\"o\"]",
            "[true,2,1.5,true,\"s\",\"o\"]",
            "[2147483648,2,1.5,true,\"s\",\"o\"]",
            "[1,\"\",1.5,true,\"s\",\"o\"]",
            "[1,\"2\",1.5,true,\"s\",\"o\"]",
            "[1,2,\"\",true,\"s\",\"o\"]",
            "[1,2,1e999,true,\"s\",\"o\"]",
            "[1,2,9007199254740993,true,\"s\",\"o\"]",
            "[1,2,1e-999,true,\"s\",\"o\"]",
            "[1,2,\"1.5\",true,\"s\",\"o\"]",
            "[1,2,1.5,1,\"s\",\"o\"]",
            "[1,2,1.5,\"\",\"s\",\"o\"]",
            "[1,2,1.5,\"true\",\"s\",\"o\"]",
            "[1,2,1.5,true,5,\"o\"]",
            "[1,2,1.5,true,true,\"o\"]",
            "[1,2,1.5,true,\"s\",5]",
            "[1,2,1.5,true,\"s\",\"o\"] []")) {
      isRejected("described", bad);
    }
    isRejected("colour", "[0]");
    isRejected("colour", "[\"\"]");
    isRejected("colour", "[\"red\"]");
    isRejected("wide", "[9223372036854775808]");
    assertThat(lax("described", "[\"\",\"2\",\"\",1,5,\"o\"]"))
        .isEqualTo("\"0,2,0.0,true,5,Optional[o]\"");
    assertThat(lax("colour", "[1]")).isEqualTo("\"GREEN\"");
  }

  // ---- row 7: element types that nobody knows

  @Test
  void element_types_that_nobody_knows_are_refused_with_the_remedy() {
    assertThatThrownBy(() -> pool().map(n -> List.of(new Item("a", n)), upTo(3)))
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining("[0] is a " + Item.class.getName())
        .hasMessageContaining("signature of a named method");
    assertThatThrownBy(() -> pool().apply(n -> Map.of("a", new Item("a", n)), 1))
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining("[\"a\"] is a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool().apply(ValueFunctions::listed, new Item("a", 1)))
        .withMessageContaining("signature of a named method");
    List<Item> items = List.of(new Item("a", 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool().apply(list -> list.get(0).count(), items))
        .withMessageContaining("signature of a named method");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool().apply(n -> items.get(0).count() + n, 1))
        .withMessageContaining("captures a variable");
  }

  @Test
  void element_types_that_are_declared_are_kept() {
    assertThat(pool().apply(ValueFunctions::items, 3)).extracting(Item::count).contains(3, 3);
    assertThat(pool().apply(ValueFunctions::counts, List.of(new Item("a", 1)))).isEqualTo(1);
    assertThat(pool().<Integer, Item[]>apply(n -> new Item[] {new Item("a", n)}, 1)).hasSize(1);
    assertThat(pool().<Integer, Item>apply(n -> new Item("a", n), 1)).isEqualTo(new Item("a", 1));
  }

  @Test
  void values_that_json_reads_by_itself_need_no_type() {
    assertThat(pool().<Integer, List<Integer>>map(n -> List.of(n, n + 1), upTo(2)))
        .containsExactly(List.of(0, 1), List.of(1, 2));
    assertThat(pool().<Integer, List<String>>apply(n -> List.of("a", "b" + n), 1))
        .containsExactly("a", "b1");
    assertThat(
            pool()
                .<Integer, Map<String, Object>>apply(
                    n -> Map.of("a", n, "b", List.of(1.5, true)), 1))
        .isEqualTo(Map.of("a", 1, "b", List.of(1.5, true)));
    assertThat(pool().apply(ValueFunctions::natural, 4)).isEqualTo(ValueFunctions.natural(4));
    assertThat(pool().<Integer, List<Integer>>apply(ValueFunctions::listed, 5)).containsExactly(5);
  }

  @Test
  void a_type_variable_takes_the_type_that_its_place_in_the_source_gives_it() {
    @Nullable Item made =
        pool().<String, Class<Item>, @Nullable Item>apply(ValueFunctions::made, "n", Item.class);
    assertThat(made).isEqualTo(new Item("n", 1));
    assertThat(pool().<Integer, Integer>apply(ValueFunctions::same, 4)).isEqualTo(4);
    assertThatThrownBy(
            () ->
                pool()
                    .<String, Class<Item>, @Nullable Object>apply(
                        ValueFunctions::made, "n", Item.class))
        .isInstanceOf(ResultNotSerializableException.class);
  }

  @Test
  void a_primitive_parameter_takes_what_java_widens_to_it() {
    assertThat(pool().<Integer, Long>apply(ValueFunctions::wide, 5)).isEqualTo(5L);
  }

  // ---- row 8: lines that shift

  @Test
  void raw_json_in_a_value_shifts_no_neighbour() {
    List<Outcome> outcomes = new ArrayList<>();
    ResultIterator<ValueFunctions.Kept> results = pool().imap(ValueFunctions::kept, upTo(200), 20);
    for (int i = 0; i < 200; i++) {
      try {
        outcomes.add(new Outcome(String.valueOf(results.next().raw), null));
      } catch (TaskFailedException e) {
        outcomes.add(new Outcome(null, e));
      }
    }
    for (int i = 0; i < 200; i++) {
      if (outcomes.get(i).value != null) {
        assertThat(outcomes.get(i).value).isEqualTo(Integer.toString(i));
      } else {
        assertThat(outcomes.get(i).failure).isInstanceOf(ResultNotSerializableException.class);
      }
    }
    assertThat(outcomes.get(7).failure).isNotNull();
    assertThat(outcomes.get(8).failure).isNotNull();
    assertThatThrownBy(() -> pool().map(ValueFunctions::raw, upTo(200), 20))
        .isInstanceOf(ResultNotSerializableException.class);
  }

  private record Outcome(@Nullable String value, @Nullable Throwable failure) {}

  // ---- a mapper of the user's

  @Test
  void a_mapper_of_the_users_serves_both_sides() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool().apply(ValueFunctions::twice, new Money(5)));
    Pool own =
        open(
            builder()
                .json(ValueFunctions.MoneyJson.class)
                .initializer(ValueFunctions::paid, new Money(7)));
    assertThat(own.apply(ValueFunctions::twice, new Money(5)).cents).isEqualTo(10);
    Money captured = new Money(3);
    assertThat(own.<Long, Long>apply(n -> n + captured.cents, 1L)).isEqualTo(4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> own.apply(Box::valueOf, new Box(42)))
        .withMessageContaining("value is a field");
  }
}
