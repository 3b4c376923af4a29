package dev.warren.cli.spelling;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that a misspelt word probably means. Stateless. */
public final class Closest {
  private Closest() {}

  /**
   * Returns {@code "; did you mean X?"} for the name that is most similar to {@code word}; empty if
   * none is similar.
   */
  public static String hint(String word, Collection<String> names) {
    String name = name(word, names);
    return name == null ? "" : "; did you mean " + name + "?";
  }

  /** Returns the most similar name; null if no name is similar. */
  private static @Nullable String name(String word, Collection<String> names) {
    int most = Math.max(1, word.length() / 3);
    return names.stream()
        .filter(name -> !name.equals(word) && distance(word, name) <= most)
        .min(Comparator.<String>comparingInt(name -> distance(word, name)).thenComparing(n -> n))
        .orElse(null);
  }

  /** Number of characters to insert, delete, replace or swap with their neighbour. */
  private static int distance(String from, String to) {
    String a = from.toLowerCase(Locale.ROOT);
    String b = to.toLowerCase(Locale.ROOT);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
