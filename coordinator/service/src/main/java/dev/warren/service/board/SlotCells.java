package dev.warren.service.board;

import dev.warren.wire.control.SlotReport;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Encodes slots as {@value #BYTES} bytes each: state, share of the calls and of the memory after
 * which the child is replaced, why the last child of the slot ended, how many have ended, and for
 * how long the call has been running. Stateless.
 */
final class SlotCells {
  private static final int BYTES = 6;
  private static final int FULL = 255;
  private static final double STEPS_PER_OCTAVE = 8;

  /** Texts of the reasons, by their code. */
  private static final List<String> ENDS = ends();

  private static final List<SlotReport.State> STATES = List.of(SlotReport.State.values());

  private SlotCells() {}

  private static List<String> ends() {
    List<String> ends = new ArrayList<>(List.of("none", "lost", "other"));
    Stream.of(RecycleReason.values()).map(RecycleReason::label).forEach(ends::add);
    Stream.of(KillReason.values())
        .map(KillReason::label)
        .filter(label -> !ends.contains(label))
        .forEach(ends::add);
    return List.copyOf(ends);
  }

  /** What the codes mean. */
  static Map<String, List<String>> legend() {
    List<String> states =
        STATES.stream().map(state -> state.name().toLowerCase(Locale.ROOT)).toList();
    return Map.of(
        "states", states, "ends", ENDS.stream().map(end -> end.replace('_', ' ')).toList());
  }

  /** The slots in order, in base 64. */
  static String encode(List<SlotReport> slots) {
    ByteArrayOutputStream cells = new ByteArrayOutputStream(slots.size() * BYTES);
    for (SlotReport slot : slots) {
      cells.write(STATES.indexOf(slot.state()));
      cells.write(share(slot.calls(), slot.maxCalls()));
      cells.write(share(slot.memory(), slot.maxMemory()));
      cells.write(end(slot.lastEnd()));
      cells.write((int) slot.ends());
      cells.write(time(slot.runningMillis()));
    }
    return Base64.getEncoder().encodeToString(cells.toByteArray());
  }

  private static int share(long part, long whole) {
    return whole <= 0 ? 0 : (int) Math.min(FULL, part * FULL / whole);
  }

  private static int end(@Nullable String label) {
    if (label == null) {
      return 0;
    }
    int code = ENDS.indexOf(label);
    return code < 0 ? ENDS.indexOf("other") : code;
  }

  private static int time(long millis) {
    double octaves = Math.log1p((double) millis) / Math.log(2);
    return (int) Math.min(FULL, Math.round(STEPS_PER_OCTAVE * octaves));
  }
}
