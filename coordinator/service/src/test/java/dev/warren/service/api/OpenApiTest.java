package dev.warren.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.PoolNames;
import dev.warren.pool.engine.JobHost;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.service.http.Route;
import dev.warren.service.operate.Examination;
import dev.warren.task.TaskOptions;
import dev.warren.trace.NoTracing;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The description of the API and the routes say the same. */
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  private final JsonNode api = ApiDescription.load().root();

  private static List<Route> routes() {
    PoolNames names = new PoolNames("scores");
    JobHost host =
        new JobHost(
            null,
            names,
            null,
            null,
            0,
            0,
            Duration.ZERO,
            true,
            null,
            () -> false,
            PoolMeters.detached(),
            NoTracing.OFF);
    return Api.routes(
        new Api.Parts(null, null, host, null, null, Examination.NONE, null, () -> false, 1));
  }

  @Test
  void every_route_is_described_and_every_description_has_a_route() {
    Set<String> described = new TreeSet<>();
    api.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().propertyNames().stream()
                    .filter(METHODS::contains)
                    .forEach(method -> described.add(method + " " + path.getKey())));
    Set<String> routed =
        routes().stream()
            .map(route -> route.method().name().toLowerCase(Locale.ROOT) + " " + route.path())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(described).isEqualTo(routed);
  }

  @Test
  void the_routes_that_need_no_token_are_those_described_so() {
    for (Route route : routes()) {
      JsonNode security =
          api.path("paths")
              .path(route.path())
              .path(route.method().name().toLowerCase(Locale.ROOT))
              .path("security");
      assertThat(security.isArray())
          .as(route.path())
          .isEqualTo(route.access() == Route.Access.OPEN);
    }
  }

  @Test
  void the_parameters_of_a_submission_are_described() {
    Set<String> described = new TreeSet<>();
    api.at("/paths/~1jobs/post/parameters")
        .forEach(
            parameter -> {
              if (parameter.path("in").asString().equals("query")) {
                described.add(parameter.path("name").asString());
              }
            });
    assertThat(described).isEqualTo(new TreeSet<>(SubmitOptions.NAMES));
  }

  @Test
  void a_submission_has_all_options_of_calls_but_those_that_jobs_cannot_have() {
    Set<String> options =
        Arrays.stream(TaskOptions.class.getRecordComponents())
            .map(component -> component.getName())
            .collect(Collectors.toSet());
    options.removeAll(Set.of("coalesce", "replyTo"));
    assertThat(SubmitOptions.NAMES).containsAll(options);
  }
}
