package dev.warren.bench.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One measure. Immutable.
 *
 * @param name pinned; other programs look for it
 * @param unit unit of its figure, one word
 * @param rounds number of samples, after a warm-up; with 1 there is no warm-up
 * @param targets the targets to reach
 * @param opener opens Warren's side
 * @param peers open the peers' sides, by the peer's name
 */
public record Measure(
    String name,
    String unit,
    int rounds,
    List<Target> targets,
    Sampler.Opener opener,
    Map<String, Sampler.Opener> peers) {

  public static Measure of(String name, String unit, int rounds, Sampler.Opener opener) {
    return new Measure(name, unit, rounds, List.of(), opener, Map.of());
  }

  public Measure target(Target... wanted) {
    return new Measure(name, unit, rounds, List.of(wanted), opener, peers);
  }

  public Measure peer(String peer, Sampler.Opener theirs) {
    Map<String, Sampler.Opener> more = new LinkedHashMap<>(peers);
    more.put(peer, theirs);
    return new Measure(name, unit, rounds, targets, opener, more);
  }
}
