package dev.warren.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerException;
import dev.warren.testkit.BrokerAlarm;
import dev.warren.testkit.RabbitVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateBrokerIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Test
  void a_private_broker_leaves_nothing_behind() throws InterruptedException {
    Path folder;
    try (PrivateBroker broker = PrivateBroker.start()) {
      folder = home(broker);
    }
    await().until(() -> !Files.exists(folder));
  }

  @Tag("chaos")
  @Test
  void a_private_broker_in_a_chroot_survives_a_kill_and_leaves_nothing_behind()
      throws InterruptedException, IOException {
    RabbitVersion version = RabbitVersion.V4_3;
    Path folder;
    try (PrivateBroker broker = version.start("channel_max = 77")) {
      folder = home(broker);
      assertThat(broker.ctl("version")).startsWith(version.installation().version());
      assertThat(broker.ctl("environment")).contains("{channel_max,77}");
      broker.ctl("add_vhost", "kept");
      broker.kill();
      broker.kill();
      broker.restart();
      assertThat(broker.ctl("list_vhosts")).contains("kept");
      for (BrokerAlarm alarm : BrokerAlarm.values()) {
        alarm.raise(broker);
        await().atMost(PATIENCE).until(() -> !alarms(broker).equals("[]"));
        alarm.clear(broker);
        await().atMost(PATIENCE).until(() -> alarms(broker).equals("[]"));
      }
    }
    await().until(() -> !Files.exists(folder));
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      assertThat(mounts).noneMatch(line -> line.contains(version.installation().root() + "/"));
    }
  }

  @Test
  void a_missing_version_is_refused_with_its_expected_path(@TempDir Path empty) {
    assertThatThrownBy(() -> PrivateBroker.start(ServerSettings.of(new ServerInstallation(empty))))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining(empty.toString());
  }

  private static Path home(PrivateBroker broker) throws InterruptedException {
    Path folder = Path.of(broker.ctl("eval", "os:getenv(\"HOME\").").replace("\"", ""));
    assertThat(folder).isDirectory();
    return folder;
  }

  private static String alarms(PrivateBroker broker) throws InterruptedException {
    return broker.ctl("eval", "rabbit_alarm:get_alarms().");
  }
}
