package dev.warren.service.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.ManualTime;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a view when its channel ends. */
@Timeout(60)
class ChannelTest {
  private final Sink sink = new Sink();
  private final CountDownLatch described = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Channel channel = new Channel("slow", SlowView::new, new ManualTime());

  /** A view that takes its time. */
  private final class SlowView implements View {
    @Override
    public void describe(Sections sections) {
      described.countDown();
      try {
        assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      sections.put("answer", 42);
    }

    @Override
    public void close() {
      assertThat(closed.getCount()).isEqualTo(1);
      closed.countDown();
    }
  }

  /** A connection that takes everything. */
  private static final class Sink extends ServletOutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      try {
        listener.onWritePossible();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void write(int b) {
      bytes.write(b);
    }
  }

  private Viewer viewer() throws IOException {
    ServletResponse response =
        (ServletResponse)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServletResponse.class},
                (proxy, method, arguments) -> sink);
    AsyncContext context =
        (AsyncContext)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {AsyncContext.class},
                (proxy, method, arguments) ->
                    method.getName().equals("getResponse") ? response : null);
    return Viewer.of(context);
  }

  @Test
  void view_is_closed_after_the_tick_that_uses_it_when_the_channel_is_closed() throws Exception {
    channel.add(viewer());
    assertThat(channel.tryBegin()).isTrue();
    CompletableFuture<Void> tick = CompletableFuture.runAsync(channel::tick);
    described.await();
    channel.close();
    assertThat(closed.getCount()).isEqualTo(1);
    goOn.countDown();
    closed.await();
    tick.join();
    assertThat(channel.tryBegin()).isFalse();
  }

  @Test
  void view_is_closed_although_a_reserved_tick_never_ran() throws Exception {
    goOn.countDown();
    channel.add(viewer());
    assertThat(channel.tryBegin()).isTrue();
    channel.tick();
    assertThat(sink.bytes.toString(StandardCharsets.UTF_8)).contains("event: state", "answer");
    assertThat(channel.tryBegin()).isTrue();
    channel.close();
    channel.release();
    closed.await();
  }
}
