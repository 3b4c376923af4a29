package dev.warren.cli.dead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.dead.DeadLetter;
import dev.warren.dead.Redrive;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.TaskCodec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DeadLetterTest {
  private static final long DIED = 1_700_000_000_000L;

  private static final Map<String, Object> TASK =
      Map.of(
          Headers.WARREN_VERSION, 1,
          Headers.FUNCTION, "com.acme.Stats::score(I)D",
          Headers.ATTEMPT, 3,
          Headers.CHILD_LOSSES, 2,
          Headers.EXPIRES_AT_MS, 1L,
          Headers.MAX_ATTEMPTS, 3,
          Headers.DIED_AT_MS, DIED);

  private static Message message(String id, Map<String, Object> headers, String body) {
    return new Message(id, "warren.task", "owner", null, 7, headers, Payload.of(body));
  }

  private static DeadLetter letter(RemoteFailure failure) {
    Map<String, Object> headers = new HashMap<>(TASK);
    headers.put(Headers.CAUSE, OutcomeLine.of(failure).text());
    return DeadLetter.of(message("c.t1~w.2", headers, "[1]"));
  }

  private static DeadLetter thrown() {
    return letter(
        new RemoteFailure(
            FailureKind.FAILED,
            "java.io.FileNotFoundException",
            "gone",
            "stack",
            List.of("java.io.FileNotFoundException", "java.io.IOException"),
            true,
            null,
            3,
            Map.of()));
  }

  private static DeadFilter filter(String... args) {
    DeadFilter filter = new DeadFilter();
    CommandLine line = new CommandLine(filter);
    line.registerConverter(
        Duration.class, text -> Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
    line.parseArgs(args);
    filter.check();
    return filter;
  }

  private static boolean matches(DeadLetter letter, String... args) {
    return filter(args).matches(letter, DIED + 60_000);
  }

  @Test
  void a_workers_cause_is_shown() {
    DeadLetter letter = thrown();
    assertThat(letter.kind()).isEqualTo("failed");
    assertThat(letter.type()).isEqualTo("java.io.FileNotFoundException");
    assertThat(letter.summary()).isEqualTo("gone");
    assertThat(letter.diedAtMillis()).isEqualTo(DIED);
    assertThat(letter.shortFunction()).isEqualTo("com.acme.Stats::score");
    assertThat(letter.spent()).isEqualTo("3/2/0");
  }

  @Test
  void a_message_dead_lettered_by_the_broker_has_its_reason_and_time() {
    Map<String, Object> death =
        Map.of(
            "reason", "delivery_limit", "queue", "q", "time", Date.from(Instant.ofEpochSecond(9)));
    DeadLetter letter = DeadLetter.of(message("m", Map.of("x-death", List.of(death)), "x"));
    assertThat(letter.kind()).isEqualTo("delivery_limit");
    assertThat(letter.diedAtMillis()).isEqualTo(9000);
    assertThat(matches(letter, "--cause", "delivery-limit")).isTrue();
  }

  @Test
  void garbage_is_unknown_and_fails_nothing() {
    Map<String, Object> garbage =
        Map.of(
            Headers.CAUSE, "{\"error\":{\"kind\":[]}}", "x-death", "no", Headers.DIED_AT_MS, "x");
    DeadLetter letter = DeadLetter.of(message("m", garbage, "\0"));
    assertThat(letter.kind()).isEqualTo("unknown");
    assertThat(letter.diedAtMillis()).isZero();
    assertThat(letter.unreadableCause()).isNotNull();
    assertThat(DeadJson.whole(letter, new TaskCodec())).contains("notATask", "bodyBase64");
  }

  @Test
  void a_filter_matches_kinds_and_exceptions_with_their_supertypes() {
    assertThat(matches(thrown(), "--cause", "failed")).isTrue();
    assertThat(matches(thrown(), "--cause", "child_lost,IOException")).isTrue();
    assertThat(matches(thrown(), "--cause", "java.io.FileNotFoundException")).isTrue();
    assertThat(matches(thrown(), "--cause", "NotFoundException")).isFalse();
    assertThat(matches(thrown(), "--cause", "child_lost")).isFalse();
  }

  @Test
  void a_filter_matches_functions_with_or_without_signature_or_a_pattern() {
    assertThat(matches(thrown(), "--fn", "com.acme.Stats::score")).isTrue();
    assertThat(matches(thrown(), "--fn", "com.acme.Stats::score(I)D")).isTrue();
    assertThat(matches(thrown(), "--fn", "com.acme.*")).isTrue();
    assertThat(matches(thrown(), "--fn", "*::score")).isTrue();
    assertThat(matches(thrown(), "--fn", "com.acme.Stats")).isFalse();
    assertThat(matches(thrown(), "--fn", "com.acme.Stats::scor")).isFalse();
  }

  @Test
  void a_filter_matches_known_ages_only() {
    assertThat(matches(thrown(), "--older-than", "30s")).isTrue();
    assertThat(matches(thrown(), "--older-than", "2m")).isFalse();
    assertThat(matches(thrown(), "--newer-than", "2m")).isTrue();
    assertThat(matches(thrown(), "--newer-than", "30s")).isFalse();
    DeadLetter ageless = DeadLetter.of(message("m", Map.of(), ""));
    assertThat(matches(ageless, "--older-than", "1s")).isFalse();
    assertThat(matches(ageless, "--newer-than", "1s")).isFalse();
    assertThatThrownBy(() -> filter("--older-than", "2h", "--newer-than", "1h"))
        .isInstanceOf(CommandFailure.class);
  }

  @Test
  void a_redriven_copy_has_a_full_budget_and_no_owner() {
    Message copy = Redrive.copy(thrown().message(), null);
    assertThat(copy.headers())
        .containsOnlyKeys(
            Headers.WARREN_VERSION, Headers.FUNCTION, Headers.MAX_ATTEMPTS, Headers.JOB)
        .containsEntry(Headers.JOB, "c.t1");
    assertThat(copy.replyTo()).isNull();
    assertThat(copy.priority()).isEqualTo(7);
    assertThat(copy.body().text()).isEqualTo("[1]");
  }

  @Test
  void a_redriven_copy_does_not_look_like_a_lost_workers_task() {
    Map<String, Object> marked = new HashMap<>(TASK);
    marked.put(Headers.SUSPECT, true);
    marked.put(Headers.LEASED_BY, "w-1");
    assertThat(Redrive.copy(message("c.t1", marked, "[1]"), null).headers())
        .doesNotContainKeys(Headers.SUSPECT, Headers.LEASED_BY);
  }

  @Test
  void a_copys_id_depends_on_the_dead_message_and_changes_with_the_next_death() {
    String first = Redrive.copy(message("c.t1~w.2", TASK, ""), null).id();
    assertThat(Redrive.copy(message("c.t1~w.2", TASK, ""), null).id()).isEqualTo(first);
    assertThat(Redrive.copy(message("c.t1~w.3", TASK, ""), null).id()).isNotEqualTo(first);
    assertThat(Redrive.copy(message(first, TASK, ""), null).id()).isNotEqualTo(first);
    assertThat(first).startsWith("c.t1~");
  }

  @Test
  void a_foreign_producers_outcome_is_still_identified() {
    Message copy = Redrive.copy(message("call-7~w.2", TASK, ""), "replies");
    assertThat(copy.replyTo()).isEqualTo("replies");
    assertThat(copy.correlationId()).isEqualTo("call-7");
  }

  @Test
  void a_message_cannot_control_the_terminal() {
    assertThat(Printable.line("a\u001b[31m\u202eb\r\nc"))
        .isEqualTo("a\\u001b[31m\\u202eb\\u000d c");
    assertThat(Printable.cut("x".repeat(100_000), 5)).isEqualTo("xxxx…");
  }

  @Test
  void the_table_is_the_same_every_time() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DeadTable table = new DeadTable(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    table.add(thrown(), DIED + 60_000);
    table.add(DeadLetter.of(message("m", Map.of(), "")), DIED);
    table.flush();
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "ID        AGE  CAUSE                         FUNCTION               SPENT  MESSAGE",
            "c.t1~w.2  60s  failed FileNotFoundException  com.acme.Stats::score  3/2/0  gone",
            "m         ?    unknown                       -                      1/0/0");
  }
}
