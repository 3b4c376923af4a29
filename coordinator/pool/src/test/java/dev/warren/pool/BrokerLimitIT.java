package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.testkit.server.ServerInstallation;
import dev.warren.testkit.server.ServerSettings;
import dev.warren.worker.Worker;
import dev.warren.worker.config.WorkerConfig;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A broker whose {@code max_message_size} is far below its version's default: 64 KiB. */
@Timeout(600)
@Tag("versions")
@ParameterizedClass
@MethodSource("dev.warren.testkit.RabbitVersion#chosen")
class BrokerLimitIT {
  private static final int LIMIT = 65_536;
  private static final Duration SOON = Duration.ofMinutes(3);

  private static PrivateBroker server;
  private static RabbitBroker workersBroker;
  private static Worker worker;

  @Parameter ServerInstallation installation;
  private Pool pool;

  @BeforeParameterizedClassInvocation
  static void start(ServerInstallation installation) throws Exception {
    server = PrivateBroker.start(ServerSettings.of(installation).with("max_message_size = 65536"));
    BrokerUri uri = BrokerUri.parse(server.uri());
    workersBroker = RabbitBroker.open(uri, "worker", Duration.ofSeconds(20));
    WorkerConfig config =
        WorkerConfig.builder()
            .pool("small")
            .processes(2)
            .classPath(
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .map(Path::of)
                    .toList())
            .build();
    worker = Worker.start(config, workersBroker, event -> {});
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    worker.close();
    workersBroker.close();
    server.close();
  }

  @BeforeEach
  void open() {
    pool = Pool.open(server.uri() + "?pool=small");
  }

  @AfterEach
  void close() {
    pool.close();
  }

  /** Returns a text of this length. */
  public static String text(int length) {
    return "y".repeat(length);
  }

  public static int length(String text) {
    return text.length();
  }

  @Test
  void a_chunk_over_the_limit_goes_in_parts() {
    List<String> items = Collections.nCopies(200, "x".repeat(1000));
    assertThat(pool.map(BrokerLimitIT::length, items, 200)).hasSize(200).containsOnly(1000);
  }

  @Test
  void a_call_over_the_limit_is_refused_with_both_sizes_and_costs_none_of_its_neighbours()
      throws Exception {
    List<AsyncResult<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int length = i == 150 ? LIMIT : i;
      all.add(pool.applyAsync(BrokerLimitIT::length, "x".repeat(length)));
    }
    assertThatThrownBy(() -> all.get(150).get(SOON))
        .cause()
        .isInstanceOf(TaskRejectedException.class)
        .hasMessageContaining(String.valueOf(LIMIT + 4))
        .hasMessageContaining("at most " + LIMIT);
    for (int i = 0; i < 300; i++) {
      if (i != 150) {
        assertThat(all.get(i).get(SOON)).isEqualTo(i);
      }
    }
  }

  @Test
  void a_result_over_the_limit_fails_its_own_call_and_costs_none_of_its_neighbours()
      throws Exception {
    List<AsyncResult<String>> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      all.add(pool.applyAsync(BrokerLimitIT::text, i == 30 ? LIMIT : 1500));
    }
    assertThatThrownBy(() -> all.get(30).get(SOON))
        .cause()
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining("at most " + LIMIT);
    for (int i = 0; i < 60; i++) {
      if (i != 30) {
        assertThat(all.get(i).get(SOON)).hasSize(1500);
      }
    }
  }
}
