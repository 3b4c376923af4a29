package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.SharedBroker;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to open calls when the broker is unreachable for longer than the timeout. */
@Timeout(120)
class BrokerTimeoutIT {
  private FaultyProxy proxy;
  private Pool pool; // without a worker: its calls stay open until something ends them

  @BeforeEach
  void open() throws Exception {
    int port = SharedBroker.get().port();
    proxy = FaultyProxy.to(port);
    String uri = SharedBroker.uri("timeout").replace(":" + port, ":" + proxy.port());
    pool = Pool.builder().uri(uri).brokerTimeout(Duration.ofSeconds(1)).open();
  }

  @AfterEach
  void close() throws Exception {
    pool.terminate();
    proxy.close();
  }

  @Test
  void every_kind_of_open_call_ends_with_the_reason() {
    AsyncResult<Integer> single = pool.applyAsync(Math::abs, -1);
    var map = pool.mapAsync(Math::abs, Collections.nCopies(1000, -1));
    Iterator<Integer> imap = pool.imap(Math::abs, Collections.nCopies(1000, -1));
    proxy.refuse();
    assertThatThrownBy(single::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(BrokerUnavailableException.class)
        .hasMessageContaining("the broker timeout is 1 s");
    assertThatThrownBy(map::get).hasCauseInstanceOf(BrokerUnavailableException.class);
    assertThatThrownBy(imap::next).isInstanceOf(BrokerUnavailableException.class);
  }

  @Test
  void the_pool_stays_open_and_continues_once_the_broker_is_back() throws Exception {
    proxy.refuse();
    assertThatThrownBy(() -> pool.apply(Math::abs, -1))
        .isInstanceOf(BrokerUnavailableException.class);
    proxy.accept();
    String direct = SharedBroker.uri(pool.name());
    try (AutoCloseable worker = Site.startWorker(direct, "timeout", 1)) {
      assertThat(worker).isNotNull();
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptionsInstanceOf(BrokerUnavailableException.class)
          .until(() -> pool.apply(Functions::twice, 3) == 6);
    }
  }
}
