package dev.warren.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.RepositoryFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Documents and comments are in plain English: they contain none of the phrases in {@code
 * src/test/resources/language/banned-phrases.txt}, and the cells of tables are short.
 */
class PlainEnglishTest {
  /** Characters of a cell: two short sentences. */
  private static final int MAX_CELL = 240;

  private static final Pattern UNCOUNTED = Pattern.compile("`[^`]*`|(?<=\\])\\([^)]*\\)");

  private final BannedPhrases banned = BannedPhrases.load();
  private final Set<BannedPhrases.Allowed> used = new HashSet<>();

  @Test
  void documents_have_no_banned_phrase() {
    assertThat(inDocuments()).isEmpty();
  }

  @Test
  void comments_have_no_banned_phrase() {
    assertThat(inComments()).isEmpty();
  }

  @Test
  void cells_of_tables_in_documents_are_short() {
    List<String> findings = new ArrayList<>();
    for (Path page : RepositoryTexts.pages()) {
      findings.addAll(longCells(nameOf(page), RepositoryTexts.read(page)));
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void a_long_cell_is_found_whatever_code_and_links_it_has() {
    String words = "word ".repeat(MAX_CELL / 5);
    assertThat(longCells("page.md", "\n| a | " + words + "and more |\n"))
        .containsExactly(
            "page.md:2: a cell has 248 characters, the maximum is 240; move text below the table");
    assertThat(longCells("page.md", "| `" + words + "a` | [a](" + words.strip() + "/b) |"))
        .isEmpty();
  }

  @Test
  void every_allowed_use_of_a_banned_phrase_exists() {
    inDocuments();
    inComments();
    assertThat(banned.allowed()).allSatisfy(use -> assertThat(used).contains(use));
  }

  @Test
  void a_banned_phrase_is_found_across_line_breaks_and_named_with_its_line() {
    Prose page =
        Prose.ofMarkdown("# Title\n\nThe worker is told\nof it. `anew`\n\n```\nanew\n```\n");
    assertThat(banned.in("page.md", page, used))
        .singleElement()
        .asString()
        .startsWith("page.md:3: “told of” → ");
  }

  @Test
  void a_banned_phrase_is_found_in_every_kind_of_comment_and_in_no_literal() {
    String source =
        """
        /** Starts
         * anew. */
        class A {
          String a = "anew \\" // anew"; // says
          // whether
          char c = '"'; /* anew */
          String b = \"""
              " anew
              \""";
        }
        """;
    assertThat(banned.in("A.java", Prose.ofJava(source), used))
        .extracting(finding -> finding.substring(0, finding.indexOf('→')))
        .containsExactlyInAnyOrder(
            "A.java:2: “anew” ", "A.java:4: “says whether” ", "A.java:6: “anew” ");
  }

  @Test
  void an_allowed_use_is_no_finding_but_the_next_one_is() {
    BannedPhrases.Allowed use = new BannedPhrases.Allowed("a.md", "“declare anew”");
    Prose page = Prose.ofMarkdown("It says “declare anew” and\nstarts anew.");
    assertThat(new BannedPhrases(banned.phrases(), List.of(use)).in("a.md", page, used))
        .singleElement()
        .asString()
        .startsWith("a.md:2: “anew”");
    assertThat(used).containsExactly(use);
  }

  /** Returns one line per cell with too much text, not counting code and link targets. */
  private static List<String> longCells(String file, String page) {
    List<String> findings = new ArrayList<>();
    int number = 0;
    for (String line : page.split("\n", -1)) {
      number++;
      String text = line.startsWith("|") ? UNCOUNTED.matcher(line).replaceAll("") : "";
      for (String cell : text.split("\\|", -1)) {
        int length = cell.strip().length();
        if (length > MAX_CELL) {
          findings.add(
              "%s:%d: a cell has %d characters, the maximum is %d; move text below the table"
                  .formatted(file, number, length, MAX_CELL));
        }
      }
    }
    return findings;
  }

  private List<String> inDocuments() {
    List<String> findings = new ArrayList<>();
    for (Path page : RepositoryTexts.pages()) {
      findings.addAll(banned.in(nameOf(page), Prose.ofMarkdown(RepositoryTexts.read(page)), used));
    }
    return findings;
  }

  private List<String> inComments() {
    List<String> findings = new ArrayList<>();
    for (Path source : RepositoryTexts.sources()) {
      findings.addAll(banned.in(nameOf(source), Prose.ofJava(RepositoryTexts.read(source)), used));
    }
    return findings;
  }

  private static String nameOf(Path file) {
    return RepositoryFiles.top().relativize(file).toString();
  }
}
