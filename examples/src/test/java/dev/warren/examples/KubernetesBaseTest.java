package dev.warren.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The Kustomize base: rendered by kubectl, and held against the schema of the Kubernetes API. */
class KubernetesBaseTest {
  private static final Map<String, JsonNode> BY_KIND = new HashMap<>();

  @BeforeAll
  static void render() throws Exception {
    String yaml = kubectl("kustomize", "kubernetes/base");
    try (var documents = YAMLMapper.shared().readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        BY_KIND.put(document.path("kind").asString(), document);
      }
    }
  }

  private static String kubectl(String... args) throws IOException, InterruptedException {
    Path err = Files.createTempFile("kubectl", ".err");
    ProcessBuilder builder = new ProcessBuilder("kubectl").redirectError(err.toFile());
    builder.command().addAll(java.util.List.of(args));
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    return out;
  }

  private static JsonElement element(String kind) {
    return JsonParser.parseString(BY_KIND.get(kind).toString());
  }

  private static JsonNode pod(String kind) {
    return BY_KIND.get(kind).at("/spec/template/spec");
  }

  private static JsonNode container(String kind) {
    return pod(kind).path("containers").path(0);
  }

  private static String variable(String kind, String name) {
    for (JsonNode variable : container(kind).path("env")) {
      if (variable.path("name").asString().equals(name)) {
        return variable.path("value").asString();
      }
    }
    throw new AssertionError(kind + " has no variable " + name);
  }

  @Test
  void each_object_is_one_that_kubernetes_knows_down_to_its_last_field() throws IOException {
    assertThat(BY_KIND).containsOnlyKeys("ConfigMap", "Secret", "Deployment", "Job");
    V1ConfigMap.validateJsonElement(element("ConfigMap"));
    V1Secret.validateJsonElement(element("Secret"));
    V1Deployment.validateJsonElement(element("Deployment"));
    V1Job.validateJsonElement(element("Job"));
  }

  @Test
  void a_worker_has_time_to_drain_and_probes_that_start_no_jvm() {
    int grace = Integer.parseInt(variable("Deployment", "WARREN_GRACE").replace("s", ""));
    assertThat(pod("Deployment").path("terminationGracePeriodSeconds").asInt())
        .isGreaterThan(grace + 5);
    JsonNode worker = container("Deployment");
    assertThat(worker.at("/livenessProbe/exec/command").toString())
        .isEqualTo("[\"warren-probe\",\"alive\"]");
    assertThat(worker.at("/readinessProbe/exec/command").toString())
        .isEqualTo("[\"warren-probe\",\"ready\"]");
    assertThat(worker.at("/resources/limits").propertyNames()).contains("cpu", "memory");
  }

  @Test
  void both_pods_are_hardened_and_read_the_broker_from_a_file() {
    for (String kind : new String[] {"Deployment", "Job"}) {
      assertThat(pod(kind).at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      JsonNode security = container(kind).path("securityContext");
      assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(security.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
      assertThat(variable(kind, "WARREN_BROKER_FILE")).startsWith("/run/secrets/warren/");
      assertThat(container(kind).path("image").asString())
          .isEqualTo("registry.example.com/warren:latest");
    }
    String secret = BY_KIND.get("Secret").at("/metadata/name").asString();
    assertThat(pod("Deployment").at("/volumes/0/secret/secretName").asString()).isEqualTo(secret);
    String uri = BY_KIND.get("Secret").at("/data/broker.uri").asString();
    assertThat(new String(Base64.getDecoder().decode(uri), StandardCharsets.UTF_8))
        .startsWith("amqp://");
  }
}
