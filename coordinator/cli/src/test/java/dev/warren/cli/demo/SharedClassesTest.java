package dev.warren.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedClassesTest {
  private final SharedClasses shared = new SharedClasses();

  private AuditedJar jar(String path, Map<String, String> packages) {
    AuditedJar jar = new AuditedJar(path, 1, "", 1, 8, false, List.of(), packages, null);
    shared.add(jar);
    return jar;
  }

  @Test
  void classes_of_the_same_package_and_name_are_shared() {
    AuditedJar a = jar("/m/a-1.0.jar", Map.of("p", "aaaaaaaabbbbbbbb", "q", "aaaaaaaa"));
    AuditedJar b = jar("/m/b-2.0.jar", Map.of("p", "bbbbbbbbcccccccc"));
    AuditedJar c = jar("/m/c-2.0.jar", Map.of("r", "aaaaaaaa"));
    assertThat(shared.count()).isEqualTo(1);
    assertThat(shared.perJar()).containsOnlyKeys(a, b);
    assertThat(shared.topPairs(5)).containsExactly(new SharedClasses.Pair(a, b, 1));
    assertThat(c.artifact()).isEqualTo("c");
  }

  @Test
  void versions_of_one_artifact_are_not_a_pair() {
    jar("/m/a-1.0.jar", Map.of("p", "aaaaaaaa"));
    jar("/m/a-1.1-rc2.jar", Map.of("p", "aaaaaaaa"));
    assertThat(shared.count()).isEqualTo(1);
    assertThat(shared.topPairs(5)).isEmpty();
  }
}
