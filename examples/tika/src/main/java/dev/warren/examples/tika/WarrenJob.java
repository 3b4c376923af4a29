package dev.warren.examples.tika;

import dev.warren.pool.Pool;
import dev.warren.task.ChildContext;
import dev.warren.task.Fn1;
import dev.warren.task.TaskOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Text out of documents, in child processes that have limits of memory and time. */
public final class WarrenJob {
  private static final Duration TIME_LIMIT = Duration.ofSeconds(60);

  private WarrenJob() {}

  /**
   * Prints a line for each document.
   *
   * @param args a file with one path per line; the heap of a child, such as 256m; the number of
   *     documents after which a child is replaced, 0 for never; {@code leaky} for the library with
   *     the leak
   */
  public static void main(String[] args) throws IOException {
    List<String> documents = Files.readAllLines(Path.of(args[0]));
    int recycleAfter = Integer.parseInt(args[2]);
    Fn1<String, DocumentText.Text> read =
        args.length > 3 ? DocumentText::readLeaking : DocumentText::read;

    Pool.Builder builder =
        Pool.builder()
            .context(ChildContext.jvm().options("-Xmx" + args[1]))
            .initializer(DocumentText::warmUp)
            .options(TaskOptions.builder().timeLimit(TIME_LIMIT).build());
    if (recycleAfter > 0) {
      builder.maxTasksPerChild(recycleAfter);
    }
    Outcomes outcomes = new Outcomes(System.out);
    try (Pool pool = builder.open()) {
      for (String path : documents) {
        pool.applyAsync(
            read, path, text -> outcomes.good(path, text), e -> outcomes.failed(path, e));
      }
    } // waits for all
  }
}
