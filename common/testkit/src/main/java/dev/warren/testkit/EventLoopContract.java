package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.lifecycle.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every event loop must guarantee. A subclass creates one and knows how to run it. */
public abstract class EventLoopContract {
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch done = new CountDownLatch(1);

  protected abstract EventLoop loop();

  /** Runs the loop until {@code latch} is released. */
  protected abstract void runUntil(CountDownLatch latch) throws InterruptedException;

  private void run(Runnable first) throws InterruptedException {
    loop().post(first);
    runUntil(done);
  }

  private Runnable see(String what) {
    return () -> seen.add(what);
  }

  @Test
  void posted_actions_run_in_order() throws InterruptedException {
    IntStream.range(0, 1000).forEach(i -> loop().post(see(Integer.toString(i))));
    run(done::countDown);
    assertThat(seen)
        .containsExactlyElementsOf(IntStream.range(0, 1000).mapToObj(i -> "" + i).toList());
  }

  @Test
  void all_actions_run_on_one_thread() throws InterruptedException {
    Runnable thread = () -> seen.add(Thread.currentThread().getName());
    run(
        () -> {
          loop().post(thread);
          loop().endRoundWith(thread);
          loop()
              .after(
                  1,
                  () -> {
                    thread.run();
                    done.countDown();
                  });
        });
    assertThat(seen).hasSize(3);
    assertThat(seen.stream().distinct()).hasSize(1);
  }

  @Test
  void timers_run_in_the_order_of_their_times_and_never_once_cancelled()
      throws InterruptedException {
    run(
        () -> {
          loop().after(30, done::countDown);
          loop().after(10, see("third"));
          loop().after(5, see("first"));
          loop().after(5, see("second"));
          loop().after(7, see("never")).cancel();
        });
    assertThat(seen).containsExactly("first", "second", "third");
  }

  @Test
  void repeated_timer_runs_until_it_is_cancelled() throws InterruptedException {
    EventLoop.Timer[] timer = new EventLoop.Timer[1];
    run(
        () ->
            timer[0] =
                loop()
                    .every(
                        2,
                        () -> {
                          seen.add("tick");
                          if (seen.size() == 3) {
                            timer[0].cancel();
                            loop().after(20, done::countDown);
                          }
                        }));
    assertThat(seen).containsExactly("tick", "tick", "tick");
  }

  @Test
  void round_ends_with_its_finishers_and_then_its_last_actions() throws InterruptedException {
    run(
        () -> {
          loop().afterRound(see("finisher"));
          loop().endRoundWith(see("last"));
          loop().endRoundWith(done::countDown);
          loop().post(see("posted"));
          loop().after(0, see("timer"));
        });
    assertThat(seen).startsWith("posted", "timer", "finisher", "last");
    assertThat(Collections.frequency(seen, "last")).isEqualTo(1);
  }

  @Test
  void finishers_run_after_every_round() throws InterruptedException {
    run(
        () -> {
          loop().afterRound(see("finisher"));
          loop()
              .endRoundWith(
                  () ->
                      loop()
                          .post(
                              () -> {
                                seen.add("later round");
                                loop().endRoundWith(done::countDown);
                              }));
        });
    assertThat(seen).startsWith("finisher", "later round", "finisher");
  }

  @Test
  void action_posted_by_a_finisher_runs_in_the_next_round() throws InterruptedException {
    run(
        () -> {
          seen.add("first round");
          loop()
              .endRoundWith(
                  () -> {
                    seen.add("its end");
                    loop().post(see("next round"));
                    loop().post(done::countDown);
                  });
        });
    assertThat(seen).containsExactly("first round", "its end", "next round");
  }

  @Test
  void channel_that_can_be_read_calls_its_action() throws IOException, InterruptedException {
    Pipe pipe = Pipe.open();
    run(
        () -> {
          try {
            loop().register(pipe.source(), SelectionKey.OP_READ, () -> read(pipe.source()));
            pipe.sink().write(ByteBuffer.wrap(new byte[] {'x'}));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    assertThat(seen).containsExactly("x");
    pipe.sink().close();
  }

  private void read(Pipe.SourceChannel source) {
    ByteBuffer one = ByteBuffer.allocate(1);
    try {
      if (source.read(one) == 1) {
        seen.add(Character.toString(one.get(0)));
        source.close();
        done.countDown();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void clock_of_the_loop_is_its_time_source() throws InterruptedException {
    long[] readings = new long[3];
    run(
        () -> {
          readings[0] = loop().time().nanos();
          readings[1] = loop().now();
          readings[2] = loop().time().nanos();
          done.countDown();
        });
    assertThat(readings).isSorted();
  }
}
