package dev.warren.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.Pool;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample of docs/HTTP.md. */
@Timeout(300)
class ServiceSampleIT {
  @TempDir private Path folder;

  @Test
  void a_program_can_be_a_coordinator() throws IOException {
    String broker = "local:";
    String store = folder.toString();
    int port = 0;
    Pool.Builder pool = Pool.builder().uri(broker);
    ServiceConfig config = ServiceConfig.of(store).port(port).build();
    try (CoordinatorService service = CoordinatorService.open(config, pool)) {
      service.start();
      assertThat(get(service.port(), "/api/v1/health")).contains("ready");
    }
  }

  private static String get(int port, String path) throws IOException {
    try (InputStream in = URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
