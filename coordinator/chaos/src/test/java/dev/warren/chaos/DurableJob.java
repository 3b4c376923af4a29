package dev.warren.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.PoolNames;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.sql.SqlStore;
import dev.warren.testkit.server.SharedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A durable job of a scenario: its input, its store, the coordinators that run it, and what must
 * hold of it at the end. Its calls are those of the stage. Confined to the scenario's thread.
 */
final class DurableJob {
  private static final String NAME = "nightly";

  private final Stage stage;
  private final String storeUrl;
  private final JobStore store;
  private final Path input;
  private final List<JobCoordinator> coordinators = new ArrayList<>();

  private DurableJob(Stage stage, String storeUrl) throws IOException {
    this.stage = stage;
    this.storeUrl = storeUrl;
    this.store = SqlStore.open(storeUrl);
    this.input = Files.createFile(stage.folder().resolve("in.jsonl"));
  }

  /** Where a scenario's job is kept. */
  enum Kept {
    SQLITE,
    POSTGRESQL
  }

  /** Creates a job without calls, with an empty store. */
  static DurableJob of(Stage stage, Kept kept) throws IOException, SQLException {
    return kept == Kept.SQLITE
        ? inFolder(stage, stage.folder().resolve("store"))
        : at(stage, postgres());
  }

  /** Creates a job without calls, with an SQLite store in this folder. */
  static DurableJob inFolder(Stage stage, Path folder) throws IOException {
    return at(stage, folder.toString());
  }

  private static DurableJob at(Stage stage, String storeUrl) throws IOException {
    DurableJob job = new DurableJob(stage, storeUrl);
    stage.keep(job);
    return job;
  }

  private static String postgres() throws SQLException {
    String server = SharedPostgres.get().url();
    String schema = SharedPostgres.newSchema();
    try (Connection connection = DriverManager.getConnection(server);
        Statement statement = connection.createStatement()) {
      statement.execute("create schema " + schema);
    }
    return server + "&currentSchema=" + schema;
  }

  /** Adds this number of calls to the input. */
  DurableJob calls(Work.Deed deed, int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      Work.Ticket ticket = stage.calls().ticket(deed, false);
      lines.append(
          "{\"folder\":\"%s\",\"number\":%d,\"deed\":\"%s\",\"always\":false}\n"
              .formatted(ticket.folder(), ticket.number(), ticket.deed()));
    }
    Files.writeString(input, lines, StandardOpenOption.APPEND);
    return this;
  }

  /** Starts a coordinator, always with the same words, except for these and its output. */
  JobCoordinator start(String... options) throws IOException {
    int number = coordinators.size() + 1;
    List<String> arguments = new ArrayList<>(List.of("map", "--job", NAME, "--no-progress"));
    arguments.addAll(List.of("--store", storeUrl, "--broker", stage.uri(stage.poolProxy())));
    arguments.addAll(List.of("--fn", Work.class.getName() + "::run", "--input", input.toString()));
    arguments.addAll(List.of(options));
    Path output = stage.folder().resolve("out" + number + ".jsonl");
    JobCoordinator coordinator =
        JobCoordinator.start(stage, "coordinator" + number, output, arguments);
    coordinators.add(coordinator);
    return coordinator;
  }

  /** Starts a last coordinator, which must end the job. */
  void finish(String... options) throws IOException, InterruptedException {
    awaitDone(start(options));
  }

  /** Waits for a coordinator that must see the job succeed. */
  void awaitDone(JobCoordinator coordinator) throws InterruptedException {
    assertThat(coordinator.awaitExit(stage.limit())).as(coordinator.log()).isZero();
  }

  /** The job's record, once it is accepted. */
  Optional<JobRecord> find() {
    return store.find(stage.pool(), NAME);
  }

  JobRecord record() {
    return find().orElseThrow(() -> new AssertionError("the job was not accepted"));
  }

  /** Number of calls that have ended, according to the store. */
  int ended() {
    return find().map(record -> (int) record.counts().ended()).orElse(0);
  }

  /** Waits until this number of calls have ended; fails if all its coordinators have. */
  void awaitEnded(int calls) {
    stage.awaitThat(
        "calls of the job ended: " + calls,
        () -> {
          boolean enough = ended() >= calls;
          JobCoordinator last = coordinators.get(coordinators.size() - 1);
          if (!enough && !last.alive() && ended() < calls) {
            throw new AssertionError("the job's coordinator has ended: " + last.log());
          }
          return enough;
        });
  }

  /** Whether a process that is frozen in a transaction keeps others from writing the job. */
  boolean isLocked() throws SQLException {
    if (storeUrl.startsWith("jdbc:")) {
      return refuses(storeUrl, "begin", "select 1 from job for update nowait");
    }
    String folder = "jdbc:sqlite:" + storeUrl;
    return refuses(folder + "/jobs.db", "pragma busy_timeout = 0", "begin immediate")
        || refuses(
            folder + "/jobs/" + record().id() + ".db",
            "pragma busy_timeout = 0",
            "begin immediate");
  }

  private static boolean refuses(String url, String first, String locking) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(first);
      statement.execute(locking);
      statement.execute("rollback");
      return false;
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).contains("SQLITE_BUSY")
          || "55P03".equals(e.getSQLState())) {
        return true;
      }
      throw e;
    }
  }

  /** Waits until this number of calls have begun, whether or not anybody coordinates. */
  void awaitBegun(long calls) {
    stage.awaitThat(
        "calls of the job begun: " + calls, () -> stage.calls().starts().size() >= calls);
  }

  /** The queue with its outcomes. */
  String resultsQueue() {
    return PoolNames.jobResults(record().id());
  }

  /** Number of coordinators that were killed: each leaves its pool's results queue for a while. */
  int killed() {
    return (int) coordinators.stream().filter(JobCoordinator::killed).count();
  }

  /** Kills what still runs, and returns what does not hold of the job, one line each. */
  List<String> end() throws IOException, InterruptedException {
    for (JobCoordinator coordinator : coordinators) {
      coordinator.kill();
    }
    List<String> wrong = new ArrayList<>();
    try (store) {
      Optional<JobRecord> record = find();
      if (record.isEmpty()) {
        wrong.add("the job is not in its store");
      } else {
        checkStore(record.get(), wrong);
      }
    }
    checkOutputs(wrong);
    checkAllRan(wrong);
    return wrong;
  }

  private void checkStore(JobRecord record, List<String> wrong) {
    int calls = stage.calls().submitted();
    if (record.state() != JobState.SUCCEEDED || record.counts().succeeded() != calls) {
      wrong.add("the job of " + calls + " calls is " + record.state() + ", " + record.counts());
    }
    BitSet ended = new BitSet();
    long[] outcomes = {0};
    try (StoredJob job = store.job(record.id())) {
      job.calls(
          0,
          (seq, kind, numbers) -> {
            if (kind == Segment.Kind.OUTCOMES) {
              outcomes[0] += numbers.count();
              numbers.forEach(number -> ended.set((int) number));
            }
          });
    }
    if (outcomes[0] != record.counts().ended() || ended.cardinality() != outcomes[0]) {
      wrong.add(
          "the store has %d outcomes of %d calls, and counts %s"
              .formatted(outcomes[0], ended.cardinality(), record.counts()));
    }
  }

  /** Each complete output is that of an undisturbed run. Ends the stage's calls. */
  private void checkOutputs(List<String> wrong) throws IOException {
    int complete = 0;
    List<String> expected = expected();
    for (JobCoordinator coordinator : coordinators) {
      if (coordinator.succeeded()) {
        complete++;
        List<String> lines = Files.readAllLines(coordinator.output());
        if (!lines.equals(expected)) {
          wrong.add(coordinator.output() + " is not what an undisturbed run writes");
        }
      }
    }
    if (complete == 0) {
      wrong.add("no coordinator has seen the job succeed and written its output");
    }
    for (int number = 0; number < expected.size(); number++) {
      stage.calls().ended(number, number); // what does not hold is in the list already
    }
  }

  private List<String> expected() {
    List<String> lines = new ArrayList<>();
    for (int number = 0; number < stage.calls().submitted(); number++) {
      lines.add("{\"index\":%d,\"value\":%d}".formatted(number, number));
    }
    return lines;
  }

  private void checkAllRan(List<String> wrong) {
    int begun = stage.calls().starts().size();
    if (begun != stage.calls().submitted()) {
      wrong.add(begun + " of " + stage.calls().submitted() + " calls have run");
    }
  }
}
