package dev.warren.callers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.AsyncResult;
import dev.warren.pool.Outcome;
import dev.warren.pool.Pool;
import dev.warren.pool.ResultIterator;
import dev.warren.pool.TaskFailedException;
import dev.warren.task.ChildContext;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the stack trace of a failed call shows to a program outside Warren's packages. The children
 * are threads of this process.
 */
@Timeout(600)
class CallerFramesTest {
  private static Pool pool;

  @BeforeAll
  static void open() {
    pool = Pool.builder().context(ChildContext.threads()).processes(2).open();
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  static int fail(int n) {
    try {
      return parse("x" + n);
    } catch (NumberFormatException e) {
      throw new IllegalStateException("cannot parse " + n, e);
    }
  }

  private static int parse(String text) {
    return Integer.parseInt(text);
  }

  private static TaskFailedException failureOf(Callable<?> call) throws Exception {
    try {
      call.call();
    } catch (TaskFailedException e) {
      return e;
    }
    throw new AssertionError("did not fail");
  }

  private static String printed(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static int callerLines(Throwable failure) {
    return (int)
        List.of(failure.getStackTrace()).stream()
            .filter(frame -> frame.getMethodName().startsWith("theCaller"))
            .count();
  }

  private static List<Integer> theCallerOfMap() {
    return pool.map(CallerFramesTest::fail, List.of(5, 6));
  }

  private static int theCallerOfApply() {
    return pool.apply(CallerFramesTest::fail, 7);
  }

  private static AsyncResult<List<Integer>> theCallerOfMapAsync() {
    return pool.mapAsync(CallerFramesTest::fail, List.of(5, 6));
  }

  private static List<Outcome<Integer>> theCallerOfMapOutcomes() {
    return pool.mapOutcomes(CallerFramesTest::fail, List.of(5, 6));
  }

  private static int theCallerOfNext(ResultIterator<Integer> results) {
    return results.next();
  }

  @Test
  void a_failure_names_its_index_and_begins_with_the_callers_own_line() throws Exception {
    TaskFailedException map = failureOf(CallerFramesTest::theCallerOfMap);
    assertThat(map).hasMessageContaining("cannot parse 5 [call 0, in ");
    assertThat(map.index()).hasValue(0);
    assertThat(callerLines(map)).isEqualTo(1);
    assertThat(map.getStackTrace()[0].getClassName()).isEqualTo(Pool.class.getName());
    assertThat(map.getStackTrace()[1].getMethodName()).isEqualTo("theCallerOfMap");
    assertThat(map.getSuppressed()).hasSize(1);
    assertThat(map.getSuppressed()[0]).hasMessageContaining("[call 1, in ");
    TaskFailedException apply = failureOf(CallerFramesTest::theCallerOfApply);
    assertThat(apply.index()).isEmpty();
    assertThat(apply).hasMessageContaining("cannot parse 7 [in ");
    assertThat(callerLines(apply)).isEqualTo(1);
  }

  @Test
  void a_job_that_is_awaited_elsewhere_shows_where_it_was_submitted() throws Exception {
    AsyncResult<List<Integer>> result = theCallerOfMapAsync();
    try {
      result.get();
    } catch (ExecutionException e) {
      assertThat(callerLines(e.getCause())).isEqualTo(1);
    }
    Outcome<Integer> second = theCallerOfMapOutcomes().get(1);
    assertThat(second.failure()).hasMessageContaining("[call 1, in ");
    assertThat(callerLines(second.failure())).isEqualTo(1);
    try (ResultIterator<Integer> results = pool.imap(CallerFramesTest::fail, List.of(5))) {
      TaskFailedException lazy = failureOf(() -> theCallerOfNext(results));
      assertThat(lazy).hasMessageContaining("[call 0, in ");
      assertThat(callerLines(lazy)).isEqualTo(1);
    }
  }

  @Test
  void each_remote_stack_is_printed_once_with_its_causes_rebuilt() throws Exception {
    TaskFailedException map = failureOf(CallerFramesTest::theCallerOfApply);
    assertThat(map.getCause()).isExactlyInstanceOf(IllegalStateException.class);
    assertThat(map.getCause().getStackTrace()[0].getMethodName()).isEqualTo("fail");
    Throwable root = map.getCause().getCause();
    assertThat(root)
        .isExactlyInstanceOf(NumberFormatException.class)
        .hasMessage("For input string: \"x7\"");
    assertThat(List.of(root.getStackTrace()).stream().map(StackTraceElement::getMethodName))
        .contains("parse", "fail");
    String text = printed(map);
    assertThat(text.split("CallerFramesTest\\.fail\\(", -1)).as(text).hasSize(3);
    assertThat(text.split("CallerFramesTest\\.parse\\(", -1)).as(text).hasSize(2);
    assertThat(text).contains("\tat ", "Caused by: java.lang.NumberFormatException");
  }
}
