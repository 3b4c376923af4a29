package dev.warren.cli.jobs;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.options.CoordinatorAddress;
import dev.warren.cli.spelling.Closest;
import dev.warren.jobs.timeline.CallStory;
import dev.warren.json.Json;
import dev.warren.service.api.CauseView;
import dev.warren.service.api.JobView;
import dev.warren.service.api.ResultStream;
import dev.warren.task.Payload;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Jobs behind a coordinator. */
final class HttpAccess implements JobsAccess {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofMinutes(1);
  private static final int NAMES = 1000;
  private static final Pattern JOB = Pattern.compile("/jobs/([^/]+)");
  private static final int FIRST_PROBLEM = 300;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final CoordinatorAddress coordinator;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  HttpAccess(CoordinatorAddress coordinator) {
    this.coordinator = coordinator;
  }

  /** The answer to {@code GET /jobs}. */
  private record Jobs(List<JobView> jobs) {}

  /** The answer to {@code GET /jobs/…/causes}. */
  private record Causes(List<CauseView> causes) {}

  /** The part of a problem document that people read. */
  private record Problem(@Nullable String detail) {}

  @Override
  public List<JobView> list(int max) {
    return get("/jobs?limit=" + max, Jobs.class).jobs;
  }

  @Override
  public JobView show(String name) {
    return get(job(name), JobView.class);
  }

  @Override
  public List<CauseView> causes(String name) {
    return get(job(name) + "/causes", Causes.class).causes;
  }

  @Override
  public void results(String name, ResultStream.Wanted wanted, OutputStream out)
      throws IOException, InterruptedException {
    Map<String, String> query = new TreeMap<>();
    query.put("from", Long.toString(wanted.from()));
    query.put("wait", Boolean.toString(wanted.waits()));
    query.put("evidence", Boolean.toString(wanted.allEvidence()));
    if (wanted.onlyFailed()) {
      query.put("only", "failed");
    }
    // without a limit: the answer takes as long as the job
    HttpRequest request = request(job(name) + "/results" + query(query)).GET().build();
    try (InputStream lines = send(request)) {
      copy(lines, out);
    }
  }

  /** Passes lines on as they come. */
  private void copy(InputStream lines, OutputStream out) throws IOException {
    byte[] buffer = new byte[1 << 16];
    while (true) {
      int read;
      try {
        read = lines.read(buffer);
      } catch (IOException e) {
        throw new CommandFailure(
            ExitCode.BROKER,
            "the coordinator at " + coordinator.base() + " has ended the answer early",
            e);
      }
      if (read < 0) {
        return;
      }
      out.write(buffer, 0, read);
      if (lines.available() == 0) {
        out.flush();
      }
    }
  }

  @Override
  public Payload explain(String name, long index, UnaryOperator<CallStory> more) {
    return read(request(job(name) + "/calls/" + index).timeout(ANSWER).GET().build());
  }

  @Override
  public JobView ask(String name, Ask what) {
    return post(job(name) + "/" + what.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public JobView retry(String name, @Nullable String cause, boolean canary) {
    Map<String, String> query = new TreeMap<>(Map.of("canary", Boolean.toString(canary)));
    if (cause != null) {
      query.put("cause", cause);
    }
    return post(job(name) + "/retry" + query(query));
  }

  @Override
  public void delete(String name) {
    read(request(job(name)).timeout(ANSWER).DELETE().build());
  }

  @Override
  public JobView submit(Map<String, String> description, @Nullable Path input) throws IOException {
    HttpRequest request =
        request("/jobs" + query(description))
            .header("Content-Type", "application/jsonl")
            .POST(body(input))
            .build();
    return Json.read(read(request), JobView.class);
  }

  private static BodyPublisher body(@Nullable Path input) {
    if (input == null) {
      return BodyPublishers.ofInputStream(() -> new FileInputStream(FileDescriptor.in));
    }
    try {
      return BodyPublishers.ofFile(input);
    } catch (FileNotFoundException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "cannot read " + input + ": no such file, or not readable", e);
    }
  }

  private <T> T get(String path, Class<T> type) {
    return Json.read(read(request(path).timeout(ANSWER).GET().build()), type);
  }

  private JobView post(String path) {
    HttpRequest request = request(path).timeout(ANSWER).POST(BodyPublishers.noBody()).build();
    return Json.read(read(request), JobView.class);
  }

  private static String job(String name) {
    return "/jobs/" + encoded(name);
  }

  private static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    return coordinator.request(path);
  }

  private Payload read(HttpRequest request) {
    try (InputStream body = send(request)) {
      return Payload.of(body.readAllBytes());
    } catch (IOException e) {
      throw away(e);
    }
  }

  /** The body of an answer that is no problem. */
  private InputStream send(HttpRequest request) {
    try {
      HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
      if (answer.statusCode() >= FIRST_PROBLEM) {
        throw failure(request, answer);
      }
      return answer.body();
    } catch (IOException e) {
      throw away(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
    }
  }

  private CommandFailure away(IOException e) {
    String why = e.getMessage() == null ? "nothing listens there" : e.getMessage();
    return new CommandFailure(
        ExitCode.BROKER,
        "the coordinator at " + coordinator.base() + " does not answer: " + why,
        e);
  }

  private CommandFailure failure(HttpRequest request, HttpResponse<InputStream> answer)
      throws IOException {
    byte[] body = answer.body().readAllBytes();
    int exit = answer.statusCode() == UNAVAILABLE ? ExitCode.BROKER : ExitCode.USAGE;
    String sentence = null;
    try {
      sentence = Json.read(Payload.of(body), Problem.class).detail;
    } catch (JacksonException e) {
      // answered by something else
    }
    if (sentence == null) {
      return CommandFailure.usage(
          "what answers at "
              + coordinator.base()
              + " is no coordinator (status "
              + answer.statusCode()
              + ")");
    }
    return new CommandFailure(exit, sentence + closest(request, answer.statusCode()));
  }

  /** For a job that does not exist, the name that was probably meant. */
  private String closest(HttpRequest request, int status) {
    Matcher path = JOB.matcher(request.uri().getPath());
    if (status != NOT_FOUND || !path.find()) {
      return "";
    }
    List<String> names =
        list(NAMES).stream()
            .filter(job -> !job.state().equals("deleted"))
            .map(JobView::name)
            .toList();
    return Closest.hint(path.group(1), names);
  }

  @Override
  public void close() {}
}
