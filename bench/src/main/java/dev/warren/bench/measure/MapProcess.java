package dev.warren.bench.measure;

import dev.warren.bench.harness.PeerProcess;
import dev.warren.bench.harness.PoolWork;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.pool.Pool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A program that runs {@code map} with adaptive chunks, in a separate process with other JVM
 * options; one round per line of input, as {@link PeerProcess} expects.
 */
public final class MapProcess {
  private MapProcess() {}

  /** With Java's default collector, G1. */
  public static Sampler withG1(Site site, int calls) throws IOException {
    List<String> command =
        site.program(MapProcess.class, List.of("-XX:+UseG1GC"), String.valueOf(site.work(calls)));
    return PeerProcess.start(Map.of(), command.toArray(String[]::new));
  }

  public static void main(String[] args) throws IOException {
    int calls = Integer.parseInt(args[0]);
    try (Pool pool = Pool.open();
        BufferedReader rounds =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("ready");
      while (rounds.readLine() != null) {
        System.out.println(PoolWork.map(pool, calls, 0));
      }
    }
  }
}
