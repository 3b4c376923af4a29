package dev.warren.bench.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The result of a measure. Immutable.
 *
 * @param peers figures of the peers, by the peer's name
 * @param notes additional observations
 * @param more additional targets, and whether they were met
 */
public record Result(
    Measure measure,
    Stats own,
    Map<String, Stats> peers,
    Map<String, Object> notes,
    List<Target.Verdict> more) {

  /** The line that other programs read. */
  public String line() {
    return measure.name() + " " + Stats.plain(own.median()) + " " + measure.unit();
  }

  public List<Target.Verdict> verdicts() {
    List<Target.Verdict> all = new ArrayList<>();
    measure.targets().forEach(target -> all.add(target.judge(own.median(), peers)));
    all.addAll(more);
    return all;
  }
}
