package dev.warren.bench.scale;

import dev.warren.lifecycle.NamedThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads a view as a page does, on a thread of its own, and measures it. Thread-safe. */
final class PageViewer implements AutoCloseable {
  private static final String DATA = "data: ";

  private final InputStream body;
  private final CountDownLatch first = new CountDownLatch(1);
  private final long opened;
  private final AtomicInteger deltas = new AtomicInteger();
  // volatile: written by the reading thread
  private volatile double firstMillis;
  private volatile int firstBytes;
  private volatile int largestDelta;
  private volatile long since;

  private PageViewer(InputStream body, long opened) {
    this.body = body;
    this.opened = opened;
  }

  /** Opens a view and waits for its first event. */
  static PageViewer open(String base, String view) throws IOException, InterruptedException {
    long opened = System.nanoTime();
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/stream?view=" + view)).build();
    InputStream body =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    PageViewer viewer = new PageViewer(body, opened);
    NamedThreads.start("viewer", viewer::read);
    if (!viewer.first.await(1, TimeUnit.MINUTES)) {
      throw new IOException("no event of " + view + " within a minute");
    }
    return viewer;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(DATA)) {
          event(line.length());
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void event(int bytes) {
    if (firstBytes == 0) {
      firstMillis = (System.nanoTime() - opened) / 1e6;
      firstBytes = bytes;
      first.countDown();
    } else {
      largestDelta = Math.max(largestDelta, bytes);
      deltas.incrementAndGet();
    }
  }

  /** Counts from now on. */
  void restart() {
    largestDelta = 0;
    deltas.set(0);
    since = System.nanoTime();
  }

  double firstMillis() {
    return firstMillis;
  }

  double firstBytes() {
    return firstBytes;
  }

  double largestDelta() {
    return largestDelta;
  }

  double deltasPerSecond() {
    return deltas.get() / ((System.nanoTime() - since) / 1e9);
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // nothing is lost
    }
  }
}
