package dev.warren.service.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.service.workers.Reports;
import dev.warren.service.workers.WorkerState;
import dev.warren.wire.control.SlotReport.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pool in one sentence. */
class HeaderTest {
  private static final List<WorkerState> WORKERS =
      List.of(
          Reports.worker("a", State.BUSY, State.BUSY, State.STARTING),
          Reports.worker("b", State.IDLE));

  private static Header header(
      List<WorkerState> workers, long queued, long messages, double rate, int causes, long dead) {
    return Header.of(
        new Header.Facts("p", workers, queued, messages, rate, causes, dead, "fine", "1.0"));
  }

  @Test
  void busy_pool_says_how_long_its_queue_takes() {
    Header header = header(WORKERS, 12_310, 50, 50, 2, 1);
    assertThat(header.sentence())
        .isEqualTo(
            "2 hosts, 4 slots: 2 busy, 1 starting, 1 idle. 12,310 calls queued ≈ 4 min 6 s."
                + " 2 causes of failure. 1 dead letter. Broker fine.");
    assertThat(header.queuedSeconds()).isEqualTo(246);
    assertThat(header.level()).isEqualTo("warn");
  }

  @Test
  void idle_pool_is_fine() {
    Header header = header(List.of(Reports.worker("b", State.IDLE)), 0, 0, 0, 0, 0);
    assertThat(header.sentence())
        .isEqualTo("1 host, 1 slot: 0 busy, 1 idle. Nothing queued. Broker fine.");
    assertThat(header.level()).isEqualTo("ok");
    assertThat(header.queuedSeconds()).isNull();
  }

  @Test
  void work_without_workers_is_bad() {
    Header header = header(List.of(), 0, 3, 0, 0, 0);
    assertThat(header.sentence())
        .isEqualTo("No worker is connected. 3 messages queued. Broker fine.");
    assertThat(header.level()).isEqualTo("bad");
    assertThat(header(List.of(), 0, 0, 0, 0, 0).level()).isEqualTo("ok");
  }

  @Test
  void broker_that_accepts_nothing_is_named() {
    Header.Facts facts =
        new Header.Facts("p", WORKERS, 1, 0, 0, 0, 0, "blocked: low on memory", "1.0");
    Header header = Header.of(facts);
    assertThat(header.sentence()).endsWith("1 call queued. Broker blocked: low on memory.");
    assertThat(header.level()).isEqualTo("warn");
  }
}
