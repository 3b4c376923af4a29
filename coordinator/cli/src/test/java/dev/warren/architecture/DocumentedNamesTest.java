package dev.warren.architecture;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.RepositoryFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the documents name exists: every class in {@code code}, every file and heading that a link
 * leads to, and in docs/ARCHITECTURE.md every package. Classes of the JDK are known; names of other
 * projects and of examples are listed in {@code src/test/resources/language/foreign-names.txt}.
 */
class DocumentedNamesTest {
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *``` *$");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern NAME = Pattern.compile("(?<![\\w.$/-])[A-Z][A-Za-z0-9]*(?![\\w…])");
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)\\]\\(([^)\\s]+)\\)");
  private static final Pattern DEFINITION = Pattern.compile("(?m)^\\[([^\\]]+)\\]: (\\S+)$");
  private static final Pattern REFERENCE = Pattern.compile("\\[([A-Z][A-Za-z]+)\\](?![(:\\[])");
  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|interface|record|enum)\\s+([A-Z]\\w*)");

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

  private final Path top = RepositoryFiles.top();

  @Test
  void every_class_that_a_page_names_exists() throws IOException {
    Set<String> known = knownClasses();
    List<String> unknown = new ArrayList<>();
    for (Path page : RepositoryTexts.pages()) {
      classesNamedIn(RepositoryTexts.read(page)).stream()
          .filter(name -> !known.contains(name))
          .forEach(name -> unknown.add(top.relativize(page) + " names no class of ours: " + name));
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void every_foreign_name_is_used() {
    Set<String> named = new HashSet<>();
    RepositoryTexts.pages()
        .forEach(page -> named.addAll(classesNamedIn(RepositoryTexts.read(page))));
    assertThat(named).containsAll(RepositoryTexts.resource("foreign-names.txt"));
  }

  @Test
  void every_link_leads_to_a_file_and_a_heading() {
    List<String> broken = new ArrayList<>();
    RepositoryTexts.pages()
        .forEach(page -> broken.addAll(brokenLinks(page, RepositoryTexts.read(page))));
    assertThat(broken).isEmpty();
  }

  @Test
  void every_package_has_its_row_in_the_architecture_page() {
    String page = RepositoryTexts.read(top.resolve("docs/ARCHITECTURE.md"));
    Set<String> rows =
        found(Pattern.compile("(?m)^\\| `(dev\\.warren[\\w.]*)` \\|"), page)
            .map(row -> row.group(1))
            .collect(toCollection(TreeSet::new));
    assertThat(rows).isEqualTo(packages());
  }

  @Test
  void a_class_that_does_not_exist_is_found() throws IOException {
    String page =
        "`HeldTask` and `NoSuchClass.method()`, not `-Xmx1g`.\n```\nNoSuchClassEither\n```\n";
    assertThat(classesNamedIn(page)).containsExactlyInAnyOrder("HeldTask", "NoSuchClass");
    assertThat(knownClasses())
        .contains("ArchitectureTest", "Duration", "JsonProperty")
        .doesNotContain("NoSuchClass");
  }

  @Test
  void a_link_to_nothing_or_to_another_class_is_found() {
    Path page = top.resolve("docs/PAGE.md");
    String readme = "[README](../README.md#no-such-heading)";
    assertThat(brokenLinks(page, "# A page\n[one](#a-page) [two](#two) [three](NONE.md) " + readme))
        .containsExactly(
            "docs/PAGE.md has a broken link: #two",
            "docs/PAGE.md has a broken link: NONE.md",
            "docs/PAGE.md has a broken link: ../README.md#no-such-heading");
    String link = top.resolve("docs").relativize(sourceOf("DocumentedNamesTest")).toString();
    assertThat(brokenLinks(page, "[ArchitectureTest](" + link + ")"))
        .containsExactly("docs/PAGE.md links ArchitectureTest to " + link);
    assertThat(brokenLinks(page, "[Pool] and [Engine]\n\n[Engine]: " + link))
        .containsExactly(
            "docs/PAGE.md links Engine to " + link, "docs/PAGE.md does not define [Pool]");
  }

  /** Returns the class names in a page's inline code: capitalised words with a small letter. */
  private static Set<String> classesNamedIn(String page) {
    return found(CODE, FENCED.matcher(page).replaceAll(""))
        .flatMap(code -> found(NAME, code.group(1)))
        .map(MatchResult::group)
        .filter(name -> !name.equals(name.toUpperCase(Locale.ROOT)))
        .collect(toCollection(TreeSet::new));
  }

  private List<String> brokenLinks(Path page, String text) {
    String prose = FENCED.matcher(text).replaceAll("");
    List<String> broken = new ArrayList<>();
    Set<String> labels = new HashSet<>();
    found(LINK, prose).forEach(link -> check(page, text, link.group(1), link.group(2), broken));
    found(DEFINITION, prose)
        .forEach(
            link -> {
              labels.add(link.group(1));
              check(page, text, link.group(1), link.group(2), broken);
            });
    if (!labels.isEmpty()) {
      found(REFERENCE, CODE.matcher(prose).replaceAll(""))
          .filter(reference -> !labels.contains(reference.group(1)))
          .forEach(
              reference ->
                  broken.add(top.relativize(page) + " does not define " + reference.group()));
    }
    return broken;
  }

  private void check(Path page, String text, String label, String target, List<String> broken) {
    if (target.contains("://")) {
      return;
    }
    int anchor = target.indexOf('#');
    String name = anchor < 0 ? target : target.substring(0, anchor);
    Path file = name.isEmpty() ? page : page.resolveSibling(name).normalize();
    if (!leadsSomewhere(page, text, file, anchor < 0 ? "" : target.substring(anchor + 1))) {
      broken.add(top.relativize(page) + " has a broken link: " + target);
    } else if (name.endsWith(".java")
        && !file.endsWith(label.replaceAll("`|\\.java$", "") + ".java")) {
      broken.add(top.relativize(page) + " links " + label + " to " + target);
    }
  }

  private static boolean leadsSomewhere(Path page, String text, Path file, String heading) {
    if (!file.equals(page) && !Files.exists(file)) {
      return false;
    }
    return heading.isEmpty()
        || anchors(file.equals(page) ? text : RepositoryTexts.read(file)).contains(heading);
  }

  /** Returns the anchors that Markdown renderers give the headings of a page. */
  private static Set<String> anchors(String page) {
    return found(Pattern.compile("(?m)^#+ (.*)$"), FENCED.matcher(page).replaceAll(""))
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").strip().replace(' ', '-'))
        .collect(toCollection(HashSet::new));
  }

  private static Set<String> knownClasses() throws IOException {
    Set<String> known = new HashSet<>(RepositoryTexts.resource("foreign-names.txt"));
    for (Path source : RepositoryTexts.sources()) {
      found(DECLARED, RepositoryTexts.read(source)).forEach(type -> known.add(type.group(1)));
    }
    FileSystem jdk = FileSystems.getFileSystem(URI.create("jrt:/"));
    for (String module : List.of("java.base", "java.net.http", "java.management")) {
      try (Stream<Path> classes = Files.walk(jdk.getPath("modules", module, "java"))) {
        classes
            .map(file -> file.getFileName().toString())
            .filter(file -> file.endsWith(".class"))
            .forEach(file -> known.addAll(List.of(file.replace(".class", "").split("\\$"))));
      }
    }
    return known;
  }

  /** Returns the packages with main code that is part of the program: no tests, examples, bench. */
  private Set<String> packages() {
    return RepositoryTexts.sources().stream()
        .filter(file -> file.toString().contains("/src/main/java/"))
        .filter(file -> !file.startsWith(top.resolve("examples")))
        .filter(file -> !file.startsWith(top.resolve("bench")))
        .flatMap(file -> found(PACKAGE, RepositoryTexts.read(file)))
        .map(declared -> declared.group(1))
        .collect(toCollection(TreeSet::new));
  }

  private static Path sourceOf(String name) {
    return RepositoryTexts.sources().stream()
        .filter(file -> file.endsWith(name + ".java"))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<MatchResult> found(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }
}
