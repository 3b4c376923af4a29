package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.WarrenProcess.Result;
import dev.warren.testing.SharedBroker;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program, on a real broker. */
class DoctorCommandIT {
  @TempDir private Path folder;

  private Result doctor(String uri, String... more) throws Exception {
    String[] args = new String[5 + more.length];
    String pool = "doctor-" + UUID.randomUUID();
    System.arraycopy(new String[] {"doctor", "--broker", uri, "--pool", pool}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    return WarrenProcess.run(folder, "", args);
  }

  @Test
  void a_broker_without_the_pool_is_looked_at_and_left_as_it_was() throws Exception {
    String before = SharedBroker.get().ctl("list_queues", "name");
    Result result = doctor(SharedBroker.get().uri());
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("broker       RabbitMQ ", "configure, write and read on warren.* work")
        .contains("has no queues yet", "a child took ");
    assertThat(SharedBroker.get().ctl("list_queues", "name")).isEqualTo(before);
  }

  @Test
  void a_user_without_permissions_is_told_the_command_that_grants_them() throws Exception {
    SharedBroker.get().ctl("add_user", "powerless", "secret");
    try {
      SharedBroker.get().ctl("set_permissions", "powerless", "^$", "^$", "^$");
      String uri = SharedBroker.get().uri().replaceFirst("//[^@]*@", "//powerless:secret@");
      Result result = doctor(uri);
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.out()).contains("problem  permissions", "rabbitmqctl set_permissions");
    } finally {
      SharedBroker.get().ctl("delete_user", "powerless");
    }
  }

  @Test
  void a_broker_that_is_not_there_is_exit_code_3_and_the_host_is_looked_at_all_the_same()
      throws Exception {
    Result result = doctor("amqp://127.0.0.1:1", "--json");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).contains("nothing listens", "\"check\":\"children\"");
  }
}
