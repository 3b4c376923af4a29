package dev.warren.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.TaskOptions;
import dev.warren.testkit.TestJava;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A coordinator with much in hand, for a separate JVM with a small heap: {@code SmallHeap WHAT URI
 * FOLDER}. Its calls run in {@code local:}'s children or on the URI's workers.
 */
final class SmallHeap {
  private static final int MEGABYTE = 1 << 20;

  private final Pool pool;
  private final Path gate;

  private SmallHeap(Pool pool, Path gate) {
    this.pool = pool;
    this.gate = gate;
  }

  /** Runs; exits with code 0 and prints {@code right} if every result was correct. */
  public static void main(String[] args) throws Exception {
    Path gate = Path.of(args[2], "gate");
    if (args[0].startsWith("lazyNoFolder")) {
      // files created elsewhere in the temporary folder are created in the old one
      Files.delete(Files.createTempFile("small-heap", ""));
      System.setProperty("java.io.tmpdir", gate.resolve("missing").toString());
    }
    Pool.Builder builder = Pool.builder().uri(args[1]);
    if (args[1].equals("local:")) {
      builder.processes(2);
    }
    try (Pool pool = builder.open()) {
      SmallHeap own = new SmallHeap(pool, gate);
      switch (args[0]) {
        case "pending" -> own.pending(1_000_000);
        case "mapOfMany" -> own.mapOfMany(1_000_000);
        case "lazySmall" -> own.lazy(100_000, 1000, false);
        case "lazyBig" -> own.lazy(100, MEGABYTE, false);
        case "lazyTooBig" -> own.lazy(500, MEGABYTE, false);
        case "lazyTooBigInOrder" -> own.lazy(500, MEGABYTE, true);
        case "lazyNoFolder" -> own.lazyAfterAWhile(100, false);
        case "lazyNoFolderInOrder" -> own.lazyAfterAWhile(100, true);
        case "mapOfUnknownSize" -> own.mapOfUnknownSize(2_000_000);
        case "nested" -> own.nested(400, MEGABYTE);
        case "mapSmall" -> own.map(100_000, 1000);
        case "mapBig" -> own.map(100, MEGABYTE);
        case "futuresSmall" -> own.futures(100_000, 1000);
        case "futuresBig" -> own.futures(100, MEGABYTE);
        default -> throw new IllegalArgumentException(args[0]);
      }
      used("before the pool is closed", pool);
    }
    System.out.println("right");
  }

  /**
   * Runs it in a separate JVM until it ends, and fails if a result was wrong.
   *
   * @param options of that JVM
   * @return its output
   */
  static String run(String what, Site site, Path folder, String... options) throws Exception {
    List<String> command = TestJava.command(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SmallHeap.class.getName(), what, site.uri(), folder.toString()));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      int code = process.waitFor();
      String said = Files.readString(output);
      assertThat(code).as(said).isZero();
      assertThat(said).contains("right");
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns a text of this length that begins with its number. */
  public static String text(int number, int length) {
    String start = number + ":";
    return start + "x".repeat(length - start.length());
  }

  /** The same, once the file exists if the number is 0. */
  public static String textAfter(String file, int number, int length) throws Exception {
    return number == 0 && !Functions.waitForFile(file) ? "" : text(number, length);
  }

  /** Returns twice the number, once the file exists. */
  public static int twiceAfter(String file, int number) throws InterruptedException {
    Functions.waitForFile(file);
    return 2 * number;
  }

  private void pending(int calls) throws Exception {
    String file = gate.toString();
    List<AsyncResult<Integer>> results = new ArrayList<>(calls);
    for (int i = 0; i < calls; i++) {
      results.add(pool.applyAsync(SmallHeap::twiceAfter, file, i));
    }
    check(results.stream().noneMatch(AsyncResult::ready), "none has ended yet");
    used("with all calls pending", results);
    open();
    for (int i = 0; i < calls; i++) {
      check(results.get(i).get() == 2 * i, "result " + i);
    }
    used("with all results held", results);
  }

  private void mapOfMany(int calls) {
    List<Integer> items = IntStream.range(0, calls).boxed().toList();
    List<Integer> doubled = pool.map(Functions::twice, items);
    for (int i = 0; i < calls; i++) {
      check(doubled.get(i) == 2 * i, "result " + i);
    }
    used("with the list held", doubled);
  }

  private void lazy(int calls, int length, boolean ordered) throws Exception {
    Pool wide = pool.with(TaskOptions.builder().window(calls).build());
    String file = gate.toString();
    AtomicInteger read = new AtomicInteger();
    Stream<Integer> items = Stream.generate(read::getAndIncrement).limit(calls);
    try (ResultIterator<String> results =
        ordered
            ? wide.imap(n -> textAfter(file, n, length), items, 1)
            : wide.imapUnordered(n -> text(n, length), items, 1)) {
      await(() -> read.get() == calls && pending() == (ordered ? 1 : 0));
      used("with all results waiting", results);
      open();
      boolean[] seen = new boolean[calls];
      for (int i = 0; i < calls; i++) {
        String result = results.next();
        int number = Integer.parseInt(result.substring(0, result.indexOf(':')));
        check(!seen[number] && (!ordered || number == i), "result " + number);
        check(result.length() == length, "length of " + number);
        seen[number] = true;
      }
      check(!results.hasNext(), "that were all");
    }
  }

  /**
   * Consumes nothing until no more results are accepted; then every result exists. In order, a
   * result that arrived so early that half of the heap is full of such results fails instead.
   */
  private void lazyAfterAWhile(int calls, boolean ordered) throws Exception {
    List<Integer> items = IntStream.range(0, calls).boxed().toList();
    try (ResultIterator<String> results =
        ordered
            ? pool.imap(n -> text(n, MEGABYTE), items, 1)
            : pool.imapUnordered(n -> text(n, MEGABYTE), items, 1)) {
      int before = -1;
      for (int still = 0; still < 50; still++) { // until nothing has arrived for a second
        int now = pending();
        still = now == before ? still : 0;
        before = now;
        Uninterrupted.millis(20);
      }
      check(before > 0, "not all were taken in, " + before + " are pending");
      boolean[] seen = new boolean[calls];
      for (int i = 0; i < calls; i++) {
        String result;
        try {
          result = results.next();
        } catch (ResultNotSerializableException e) {
          check(ordered && e.getMessage().contains("no space"), "result " + i + " fails: " + e);
          continue;
        }
        int number = Integer.parseInt(result.substring(0, result.indexOf(':')));
        check(!seen[number] && (!ordered || number == i), "result " + number);
        check(result.length() == MEGABYTE, "length of " + number);
        seen[number] = true;
      }
      check(!results.hasNext(), "that were all");
    }
  }

  /** Ends, with the values or with a failure that names the missing space. */
  private void mapOfUnknownSize(int calls) {
    Iterable<Integer> items = () -> IntStream.range(0, calls).iterator();
    try {
      List<Integer> doubled = pool.map(Functions::twice, items);
      check(doubled.size() == calls && doubled.get(calls - 1) == 2 * (calls - 1), "the values");
      System.out.println("all values came");
    } catch (ResultNotSerializableException | OutOfMemoryError e) {
      System.out.println("no room: " + e.getMessage());
    }
  }

  private void nested(int calls, int length) throws Exception {
    Pool wide = pool.with(TaskOptions.builder().window(calls).build());
    List<Integer> items = IntStream.range(0, calls).boxed().toList();
    try (ResultIterator<String> outer = wide.imapUnordered(n -> text(n, length), items, 1)) {
      for (int i = 0; i < calls; i++) {
        int size = outer.next().length();
        check(pool.apply(Functions::add, size, i) == size + i, "the call within");
        if (i % 100 == 0) {
          check(pool.imap(Functions::twice, items).next() == 0, "the imap within");
        }
      }
    }
  }

  private void map(int calls, int length) {
    List<String> texts =
        pool.map(n -> text(n, length), IntStream.range(0, calls).boxed().toList(), 1);
    for (int i = 0; i < calls; i++) {
      check(texts.get(i).equals(text(i, length)), "result " + i);
    }
    used("with the list held", texts);
  }

  private void futures(int calls, int length) throws Exception {
    List<AsyncResult<String>> results = new ArrayList<>(calls);
    for (int i = 0; i < calls; i++) {
      results.add(pool.applyAsync(SmallHeap::text, i, length));
    }
    await(() -> pending() == 0);
    used("with all results waiting", results);
    for (int i = 0; i < calls; i++) {
      check(requireNonNull(results.get(i).get()).equals(text(i, length)), "result " + i);
    }
    used("with all values held", results);
  }

  private static void await(BooleanSupplier event) {
    while (!event.getAsBoolean()) {
      Uninterrupted.millis(20);
    }
  }

  /** As in the pool's toString. */
  private int pending() {
    Matcher matcher = Pattern.compile("(\\d+) calls? pending").matcher(pool.toString());
    check(matcher.find(), "the text " + pool);
    return Integer.parseInt(matcher.group(1));
  }

  private void open() throws IOException {
    Files.createFile(gate);
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new IllegalStateException("wrong: " + what);
    }
  }

  private static void used(String when, Object held) {
    try {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long used = runtime.totalMemory() - runtime.freeMemory();
      System.out.println((used >> 20) + " MiB of heap in use " + when);
    } finally {
      Reference.reachabilityFence(held);
    }
  }
}
