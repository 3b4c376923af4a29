package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PrivateBrokerIT {
  @Test
  void a_private_broker_survives_a_kill_and_leaves_nothing_behind() throws InterruptedException {
    Path folder;
    try (PrivateBroker broker = PrivateBroker.start()) {
      folder = Path.of(broker.ctl("eval", "os:getenv(\"HOME\").").replace("\"", ""));
      assertThat(folder).isDirectory();
      broker.ctl("add_vhost", "kept");
      broker.kill();
      broker.kill();
      broker.restart();
      assertThat(broker.ctl("list_vhosts")).contains("kept");
    }
    await().until(() -> !Files.exists(folder));
  }
}
