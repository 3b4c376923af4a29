package dev.warren.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The phrases that our documents and comments avoid because readers stumble over them, each with
 * what to write instead, and the few legitimate uses.
 *
 * @param phrases what is banned
 * @param allowed uses that are legitimate, such as a quoted message of RabbitMQ
 */
record BannedPhrases(List<Phrase> phrases, List<Allowed> allowed) {
  private static final String LIST = "banned-phrases.txt";
  private static final String ALLOWED = "allowed-phrases.txt";

  /**
   * One banned phrase.
   *
   * @param pattern the phrase, in any case
   * @param instead what to write
   */
  record Phrase(Pattern pattern, String instead) {}

  /**
   * A legitimate use of a banned phrase.
   *
   * @param file the file, relative to the repository
   * @param words the words around the phrase
   */
  record Allowed(String file, String words) {}

  /** Reads the two lists of the test resources. */
  static BannedPhrases load() {
    return new BannedPhrases(
        RepositoryTexts.resource(LIST).stream()
            .map(line -> split(line, " => ", LIST))
            .map(line -> new Phrase(Pattern.compile("(?i)" + line[0]), line[1]))
            .toList(),
        RepositoryTexts.resource(ALLOWED).stream()
            .map(line -> split(line, " : ", ALLOWED))
            .map(line -> new Allowed(line[0], line[1]))
            .toList());
  }

  /**
   * Returns one line per banned phrase of a text: file, line, phrase, and what to write instead.
   *
   * @param used receives the allowed uses that were met
   */
  List<String> in(String file, Prose prose, Set<Allowed> used) {
    List<String> findings = new ArrayList<>();
    for (Phrase phrase : phrases) {
      Matcher match = phrase.pattern.matcher(prose.text());
      while (match.find()) {
        Allowed use = allowedUse(file, prose.text(), match);
        if (use != null) {
          used.add(use);
        } else {
          findings.add(
              "%s:%d: “%s” → %s"
                  .formatted(file, prose.lineOf(match.start()), match.group(), phrase.instead));
        }
      }
    }
    return findings;
  }

  private @Nullable Allowed allowedUse(String file, String text, Matcher match) {
    for (Allowed use : allowed) {
      int from = text.lastIndexOf(use.words, match.start());
      if (use.file.equals(file) && from >= 0 && from + use.words.length() >= match.end()) {
        return use;
      }
    }
    return null;
  }

  private static String[] split(String line, String separator, String list) {
    int at = line.indexOf(separator);
    if (at < 0) {
      throw new IllegalArgumentException(list + ": no '" + separator + "' in: " + line);
    }
    return new String[] {
      line.substring(0, at).strip(), line.substring(at + separator.length()).strip()
    };
  }
}
