package dev.warren.broker.memory;

import java.util.List;

/** A topic binding's pattern: {@code *} matches one word, {@code #} any number of words. */
record TopicPattern(List<String> words) {

  static TopicPattern of(String pattern) {
    return new TopicPattern(split(pattern));
  }

  boolean matches(String key) {
    return matches(0, split(key), 0);
  }

  private boolean matches(int at, List<String> key, int from) {
    if (at == words.size()) {
      return from == key.size();
    }
    String word = words.get(at);
    if (word.equals("#")) {
      return matches(at + 1, key, from) || (from < key.size() && matches(at, key, from + 1));
    }
    return from < key.size()
        && (word.equals("*") || word.equals(key.get(from)))
        && matches(at + 1, key, from + 1);
  }

  private static List<String> split(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\\.", -1));
  }
}
