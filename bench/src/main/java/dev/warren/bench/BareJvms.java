package dev.warren.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The floor of recycling: Java processes that do nothing, from start to exit, as many at a time as
 * there are processors. A pool that replaces a child after each call starts one such process a
 * call, whatever else it does.
 */
final class BareJvms implements Sampler {
  private static final int STARTS = 60;

  private final Site site;
  private final int callsEach;

  /**
   * Makes it ready.
   *
   * @param callsEach calls that a child would live for
   */
  BareJvms(Site site, int callsEach) {
    this.site = site;
    this.callsEach = callsEach;
  }

  /** Calls per second, if the calls themselves cost nothing. */
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

  /** Milliseconds of the least that a Java process does, from start to exit. */
  static double helloMillis(Site site) throws IOException, InterruptedException {
    long start = System.nanoTime();
    hello(site).waitFor();
    return (System.nanoTime() - start) / 1e6;
  }

  /** The least that a Java process does. */
  private static Process hello(Site site) throws IOException {
    String jar = Site.ownJar().toString();
    ProcessBuilder builder =
        new ProcessBuilder(site.java(), "-Xshare:auto", "-cp", jar, Hello.class.getName());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }
}
