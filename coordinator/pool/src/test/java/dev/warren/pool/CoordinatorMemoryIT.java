package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A coordinator with a heap of 256 MiB and unusually much in hand: a million pending calls, 100 MB
 * of results that the caller holds, or up to 500 MB of results to be consumed. Run by {@code
 * ./verify --stress}.
 */
@Tag("stress")
@Timeout(300)
class CoordinatorMemoryIT extends OnEverySite {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pending",
        "mapOfMany",
        "mapSmall",
        "mapBig",
        "futuresSmall",
        "futuresBig",
        "lazySmall",
        "lazyBig",
        "lazyTooBig",
        "lazyTooBigInOrder",
        "nested"
      })
  void a_large_backlog_fits_into_256_megabytes(String what) throws Exception {
    String said =
        SmallHeap.run(
            what,
            site,
            folder,
            "-Xmx256m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.io.tmpdir=" + folder);
    System.out.println(what + " on " + site + ":\n" + said.replaceAll("(?m)^\\d\\d:.*\n", ""));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(file -> file.getFileName().toString().startsWith("warren-results-")))
          .isEmpty();
    }
  }
}
