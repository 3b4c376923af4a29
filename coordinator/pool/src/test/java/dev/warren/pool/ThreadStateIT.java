package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A call's changes to its thread do not affect other calls. */
class ThreadStateIT extends OnOneSite {
  /** Functions that run in the children. */
  public static final class Meddlers {
    private Meddlers() {}

    /** Returns the state of its thread, and changes all of it. */
    @SuppressWarnings("ThreadPriorityCheck") // what careless code does
    public static String meddle(int number) {
      Thread thread = Thread.currentThread();
      String seen = state(thread);
      thread.setContextClassLoader(null);
      thread.setName("meddled by " + number);
      thread.setPriority(Thread.MIN_PRIORITY);
      thread.setUncaughtExceptionHandler((any, e) -> {});
      thread.interrupt();
      return seen;
    }

    /** Changes the state, and fails. */
    public static String meddleAndFail(int number) {
      String seen = meddle(number);
      throw new IllegalStateException(seen);
    }

    private static String state(Thread thread) {
      return thread.getContextClassLoader()
          + " "
          + thread.getName()
          + " "
          + thread.getPriority()
          + " "
          + thread.isInterrupted()
          + " "
          + thread.getUncaughtExceptionHandler().getClass();
    }

    /**
     * As an initializer: sets state that all calls must find, and an interrupt, which none may
     * find.
     */
    public static String configure() {
      Thread thread = Thread.currentThread();
      thread.setContextClassLoader(new OwnLoader());
      thread.setName("configured");
      thread.interrupt();
      return "";
    }
  }

  /** A recognisable class loader. */
  public static final class OwnLoader extends URLClassLoader {
    OwnLoader() {
      super(new URL[0]);
    }

    @Override
    public String toString() {
      return "own loader";
    }
  }

  @Test
  void no_call_inherits_what_another_has_done_to_its_thread() {
    List<String> seen = pool().map(Meddlers::meddle, upTo(60), 10);
    assertThat(Set.copyOf(seen)).hasSize(1);
    assertThat(seen.get(0)).contains("AppClassLoader").contains(" main 5 false ");
  }

  @Test
  void no_call_inherits_thread_state_from_a_failed_call() {
    List<String> seen =
        upTo(20).stream()
            .flatMap(
                i ->
                    Stream.of(
                        pool()
                            .applyAsync(Meddlers::meddleAndFail, i)
                            .toCompletableFuture()
                            .handle((value, e) -> e.getMessage())
                            .join(),
                        pool().apply(Meddlers::meddle, i)))
            .toList();
    assertThat(seen).allMatch(state -> state.contains(" main 5 false "));
    assertThat(new TreeSet<>(seen)).noneMatch(state -> state.contains("null"));
  }

  @Test
  void thread_state_set_by_the_initializer_is_kept_for_all_calls() {
    Pool pool = open(builder().initializer(Meddlers::configure));
    List<String> seen = pool.map(Meddlers::meddle, upTo(60), 10);
    assertThat(seen).allMatch(state -> state.startsWith("own loader configured 5 false "));
  }
}
