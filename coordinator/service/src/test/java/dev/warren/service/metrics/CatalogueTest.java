package dev.warren.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.meter.Label;
import dev.warren.meter.Meter;
import dev.warren.testkit.RepositoryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogue of meters, its document, and the files for Prometheus and Grafana. */
class CatalogueTest {
  /** Their number has no bound. */
  private static final Set<String> NEVER_A_LABEL =
      Set.of("call", "job", "host", "child", "exception", "pid", "worker", "id");

  private static final Pattern NAME = Pattern.compile("\\bwarren_[a-z_]+\\b");

  private static Path examples() {
    return RepositoryFiles.top().resolve("examples/prometheus");
  }

  @Test
  void the_document_is_that_of_the_catalogue() throws IOException {
    Path file = RepositoryFiles.top().resolve("docs/METRICS.md");
    String text = Files.readString(file);
    assertThat(text)
        .as("write it with: %s docs/METRICS.md", CatalogueText.class.getName())
        .isEqualTo(CatalogueText.replaced(text));
  }

  @Test
  void names_are_unique_and_tell_the_type_and_the_unit() {
    assertThat(Catalogue.ALL).extracting(Meter::name).doesNotHaveDuplicates();
    for (Meter meter : Catalogue.ALL) {
      assertThat(meter.name().endsWith("_total"))
          .as(meter.name())
          .isEqualTo(meter.type() == Meter.Type.COUNTER);
      assertThat(meter.unit().isEmpty() || meter.name().endsWith("_" + meter.unit()))
          .as(meter.name())
          .isTrue();
      assertThat(meter.bounds().isEmpty()).isEqualTo(meter.type() != Meter.Type.HISTOGRAM);
      assertThat(meter.bounds()).isSorted();
    }
  }

  @Test
  void no_label_has_values_without_a_bound() {
    Set<String> open = new TreeSet<>();
    for (Meter meter : Catalogue.ALL) {
      for (Label label : meter.labels()) {
        assertThat(NEVER_A_LABEL).as(meter.name()).doesNotContain(label.name());
        if (label.values().isEmpty()) {
          open.add(label.name());
        }
      }
    }
    assertThat(open).containsExactly("fn", "version");
  }

  @Test
  void rules_and_dashboard_use_only_meters_that_exist() throws IOException {
    Set<String> known = new TreeSet<>();
    for (Meter meter : Catalogue.ALL) {
      known.add(meter.name());
      if (meter.type() == Meter.Type.HISTOGRAM) {
        Stream.of("_bucket", "_count", "_sum").forEach(end -> known.add(meter.name() + end));
      }
    }
    for (String file : new String[] {"alerts.yml", "alerts-test.yml", "dashboard.json"}) {
      Set<String> used =
          NAME.matcher(Files.readString(examples().resolve(file)))
              .results()
              .map(match -> match.group())
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(used).as(file).hasSizeGreaterThan(5);
      used.removeAll(known);
      assertThat(used).as(file).isEmpty();
    }
  }
}
