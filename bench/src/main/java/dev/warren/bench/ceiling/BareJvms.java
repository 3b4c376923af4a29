package dev.warren.bench.ceiling;

import dev.warren.bench.harness.PoolWork;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Upper bound of recycling: Java processes that do nothing, from start to exit, as many at once as
 * there are processors. A pool that recycles its child after each call starts one such process per
 * call, whatever else it does.
 */
public final class BareJvms implements Sampler {
  private static final int STARTS = 60;

  private final Site site;
  private final int callsEach;

  /**
   * Creates the sampler.
   *
   * @param callsEach number of calls per child
   */
  public BareJvms(Site site, int callsEach) {
    this.site = site;
    this.callsEach = callsEach;
  }

  /** Calls per second if the calls themselves cost nothing. */
  @Override
  public double sample() throws IOException, InterruptedException {
    int starts = site.work(STARTS);
    int atOnce = Runtime.getRuntime().availableProcessors();
    Queue<Process> running = new ArrayDeque<>();
    long start = System.nanoTime();
    for (int i = 0; i < starts; i++) {
      if (running.size() == atOnce) {
        running.remove().waitFor();
      }
      running.add(hello(site));
    }
    for (Process process : running) {
      process.waitFor();
    }
    return callsEach * PoolWork.perSecond(starts, start);
  }

  /** Milliseconds of an empty Java process, from start to exit. */
  public static double helloMillis(Site site) throws IOException, InterruptedException {
    long start = System.nanoTime();
    hello(site).waitFor();
    return (System.nanoTime() - start) / 1e6;
  }

  /** Starts an empty Java process. */
  private static Process hello(Site site) throws IOException {
    String jar = Site.ownJar().toString();
    ProcessBuilder builder =
        new ProcessBuilder(site.java(), "-Xshare:auto", "-cp", jar, Hello.class.getName());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }
}
