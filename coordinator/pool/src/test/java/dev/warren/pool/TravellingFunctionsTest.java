package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.task.Fn1;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which functions and arguments can be sent, and which are refused when submitted. */
class TravellingFunctionsTest extends WithFakeWorker {

  private final int field = 3;

  @Test
  void a_lambda_that_captures_this_is_refused_with_that_reason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.apply(n -> n + field, 1))
        .withMessageContaining("captures this")
        .withMessageContaining("TravellingFunctionsTest");
  }

  @Test
  void captured_variables_are_sent_before_the_arguments() {
    int offset = 10;
    String word = "x";
    assertThat(pool.map(n -> word + (n + offset), upTo(3))).containsExactly("x10", "x11", "x12");
  }

  @Test
  void a_captured_thing_that_json_cannot_carry_is_refused_saying_what_it_is() {
    Iterator<String> unwritable = List.of("a").iterator();
    Thread thread = Thread.currentThread();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.apply(n -> thread.getName() + n, 1))
        .withMessageContaining("java.lang.Thread");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.apply(n -> unwritable.next() + n, 1))
        .withMessageContaining("captures a variable");
  }

  @Test
  void a_receiver_bound_to_a_method_reference_travels_if_json_can_carry_it() {
    assertThat(pool.<Integer, String>apply("abcdef"::substring, 2)).isEqualTo("cdef");
    Thread thread = Thread.currentThread();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.<String>apply(thread::getName))
        .withMessageContaining("bound to an object");
  }

  @Test
  void instance_methods_and_constructors_can_be_sent() {
    assertThat(pool.<String, Integer>map(String::length, List.of("a", "bcd")))
        .containsExactly(1, 3);
    assertThat(pool.<String, StringBuilder>apply(StringBuilder::new, "s")).isNotNull();
  }

  record Point(int x, int y) {}

  static List<Point> points(int n) {
    return IntStream.range(0, n).mapToObj(i -> new Point(i, i)).toList();
  }

  static <T> T same(T thing) {
    return thing;
  }

  @Test
  void generic_result_types_are_kept() {
    assertThat(pool.apply(TravellingFunctionsTest::points, 2))
        .containsExactly(new Point(0, 0), new Point(1, 1));
    assertThat(
            pool.<Point, Point>map(
                TravellingFunctionsTest::samePoint, Arrays.asList(new Point(1, 2), null)))
        .containsExactly(new Point(1, 2), null);
  }

  static Point samePoint(Point point) {
    return point;
  }

  @Test
  void a_function_that_is_not_a_lambda_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                pool.apply(
                    new Fn1<Integer, Integer>() {
                      private static final long serialVersionUID = 1L;

                      @Override
                      public Integer apply(Integer n) {
                        return n;
                      }
                    },
                    1))
        .withMessageContaining("method reference or a lambda");
  }

  @Test
  void an_argument_that_cannot_be_written_is_refused_at_the_call() {
    List<Object> endless = new ArrayList<>();
    endless.add(endless);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.apply(list -> 1, endless))
        .withMessageContaining("argument 1");
  }

  @Test
  void a_pool_does_not_travel() {
    Pool other = pool;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.<String>apply(() -> other.name()))
        .withMessageContaining("dev.warren.pool.Pool")
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
  }

  @Test
  void an_initializer_is_a_function_like_any_other() {
    Thread thread = Thread.currentThread();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().initializer(() -> thread.getName()))
        .withMessageStartingWith("initializer captures a variable");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Pool.builder()
                    .initializer(
                        new Fn1<String, String>() {
                          private static final long serialVersionUID = 1L;

                          @Override
                          public String apply(String text) {
                            return text;
                          }
                        },
                        "text"))
        .withMessageContaining("method reference or a lambda");
  }
}
