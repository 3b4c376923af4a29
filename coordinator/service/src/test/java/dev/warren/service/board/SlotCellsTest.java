package dev.warren.service.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.service.workers.Reports;
import dev.warren.wire.control.SlotReport;
import dev.warren.wire.control.SlotReport.State;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slots as bytes. */
class SlotCellsTest {
  private static int[] cells(SlotReport... slots) {
    byte[] bytes = Base64.getDecoder().decode(SlotCells.encode(List.of(slots)));
    int[] cells = new int[bytes.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = bytes[i] & 0xff;
    }
    return cells;
  }

  @Test
  void slot_has_six_bytes() {
    int calls = SlotCells.legend().get("ends").indexOf("calls");
    assertThat(cells(Reports.slot(0, State.BUSY), Reports.slot(1, State.EMPTY)))
        .containsExactly(4, 63, 63, calls, 3, 0, 0, 63, 63, calls, 3, 0);
  }

  @Test
  void limits_reasons_and_times_fit_into_their_bytes() {
    SlotReport odd =
        new SlotReport(
            0,
            "c",
            1,
            State.IDLE,
            1000,
            10,
            5,
            0,
            "j",
            1,
            "f",
            Long.MAX_VALUE,
            1000,
            "unheard",
            "of");
    int other = SlotCells.legend().get("ends").indexOf("other");
    assertThat(cells(odd)).containsExactly(3, 255, 0, other, 1000 % 256, 255);
  }

  @Test
  void running_time_is_logarithmic() {
    SlotReport second =
        new SlotReport(0, "c", 1, State.BUSY, 0, 0, 0, 0, "j", 1, "f", 1_023, 0, null, null);
    assertThat(cells(second)).containsExactly(4, 0, 0, 0, 0, 80);
  }
}
