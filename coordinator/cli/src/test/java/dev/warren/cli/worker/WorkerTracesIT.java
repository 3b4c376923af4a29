package dev.warren.cli.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.testkit.ForeignProducer;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.trace.SpanRecorder;
import dev.warren.trace.SpanStart;
import dev.warren.trace.TraceContext;
import dev.warren.worker.Worker;
import dev.warren.worker.config.WorkerConfig;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One trace from a producer that is not Warren's, over RabbitMQ, into a child. */
@Timeout(600)
class WorkerTracesIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @TempDir Path folder;
  private final String pool = "pool-" + UUID.randomUUID();
  private final String tasks = new PoolNames(pool).tasks();
  private ForeignProducer producer;

  @BeforeEach
  void connect() throws Exception {
    producer = ForeignProducer.connect(SharedBroker.get().uri() + "%2F");
  }

  @AfterEach
  void disconnect() throws Exception {
    producer.close();
  }

  private String uri() {
    return SharedBroker.get().uri() + "?pool=" + pool;
  }

  private String call(String method, String arguments, String traceparent) throws Exception {
    String id = UUID.randomUUID().toString();
    Map<String, Object> headers =
        Map.of(
            "warren-version",
            1,
            "warren-fn",
            "dev.warren.worker.Calls::" + method,
            "traceparent",
            traceparent);
    producer.send(tasks, id, headers, arguments);
    await().atMost(SOON).until(() -> producer.answers().containsKey(id));
    return producer.answers().get(id);
  }

  private static WorkerConfig.Builder config() {
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    return WorkerConfig.builder().processes(1).classPath(classPath);
  }

  @Test
  void the_spans_of_both_attempts_have_the_producers_as_parent_and_a_child_knows_its_own()
      throws Exception {
    SpanRecorder recorder = new SpanRecorder();
    WorkerConfig config = config().pool(pool).tracing(recorder).build();
    try (RabbitBroker broker =
            RabbitBroker.open(BrokerUri.parse(uri()), "traced", Duration.ofSeconds(20));
        Worker worker = Worker.start(config, broker, event -> {})) {
      assertThat(worker).isNotNull();
      String parent = "00-" + TRACE + "-" + SPAN + "-01";
      String answer = call("traceparentAfterDeath", "[\"" + folder.resolve("died") + "\"]", parent);
      await().atMost(SOON).until(() -> recorder.ended().size() == 2);
      assertThat(recorder.ended())
          .extracting(SpanRecorder.Recorded::start)
          .extracting(SpanStart::parent)
          .containsOnly(new TraceContext(parent, null));
      assertThat(recorder.ended())
          .extracting(SpanRecorder.Recorded::start)
          .extracting(SpanStart::name)
          .containsOnly("process dev.warren.worker.Calls::traceparentAfterDeath");
      SpanRecorder.Recorded first = recorder.ended().get(0);
      SpanRecorder.Recorded second = recorder.ended().get(1);
      assertThat(first.events()).endsWith("loss", "retry");
      assertThat(first.failure()).isEqualTo("child_lost");
      assertThat(second.failure()).isNull();
      assertThat(second.start().attributes()).containsEntry("warren.child_losses", 1L);
      assertThat(second.context().parent()).startsWith("00-" + TRACE);
      assertThat(answer).isEqualTo("{\"value\":\"" + second.context().parent() + "\"}");
      assertThat(call("traceparent", "[]", "no context")).contains("00-").doesNotContain(TRACE);
      assertThat(call("traceparent", "[]", parent.replace("-01", "-00")))
          .isEqualTo("{\"value\":\"" + parent.replace("-01", "-00") + "\"}");
    }
  }

  @Test
  void a_worker_exports_to_the_endpoint_of_its_environment_and_traces_nothing_without()
      throws Exception {
    Queue<String> exported = new ConcurrentLinkedQueue<>();
    HttpServer sink =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    sink.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exported.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    sink.start();
    String endpoint = "http://127.0.0.1:" + sink.getAddress().getPort();
    Map<String, String> environment =
        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, "OTEL_BSP_SCHEDULE_DELAY", "100");
    String parent = "00-" + TRACE + "-" + SPAN + "-01";
    try (WorkerProcess worker =
        WorkerProcess.start(uri(), folder.resolve("traced.log"), environment)) {
      await().atMost(SOON).until(() -> worker.serves(pool));
      assertThat(call("traceparent", "[]", parent)).contains(TRACE);
      await().atMost(SOON).until(() -> !exported.isEmpty());
      assertThat(exported.element())
          .contains("warren-worker", "process dev.warren.worker.Calls::traceparent", tasks)
          .contains(bytes(TRACE), bytes(SPAN));
      worker.terminate();
      assertThat(worker.exitCode()).isZero();
    } finally {
      sink.stop(0);
    }
    try (WorkerProcess worker = WorkerProcess.start(uri(), folder.resolve("untraced.log"))) {
      await().atMost(SOON).until(() -> worker.serves(pool));
      assertThat(call("traceparent", "[]", parent)).isEqualTo("{\"value\":null}");
    }
  }

  /** The bytes of an id, each as a character. */
  private static String bytes(String id) {
    byte[] bytes = HexFormat.of().parseHex(id);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
