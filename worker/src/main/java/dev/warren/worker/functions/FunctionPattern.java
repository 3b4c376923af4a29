package dev.warren.worker.functions;

import java.util.ArrayList;
import java.util.List;

/**
 * One pattern for function names, {@code com.acme.**} or {@code com.acme.Stats::score}. Immutable.
 * Matching uses neither regular expressions nor lambdas: the first of either costs a starting child
 * about 20 ms.
 */
final class FunctionPattern {
  private static final String ANY_PACKAGES = "**";
  private static final String ANY = "*";

  private final String text;
  private final String[] classParts;
  private final String method;

  private FunctionPattern(String text, String[] classParts, String method) {
    this.text = text;
    this.classParts = classParts;
    this.method = method;
  }

  /**
   * Parses a pattern.
   *
   * @throws IllegalArgumentException naming the pattern and what is wrong with it
   */
  static FunctionPattern parse(String text) {
    int colons = text.indexOf("::");
    String classPart = colons < 0 ? text : text.substring(0, colons);
    String method = colons < 0 ? ANY : text.substring(colons + 2);
    if (method.indexOf('(') >= 0) {
      throw wrong(text, "a pattern has no parameters; it matches all overloads");
    }
    if (classPart.isEmpty() || method.isEmpty()) {
      throw wrong(text, "it must name a class, and a method after '::'");
    }
    if (method.contains(ANY_PACKAGES)) {
      throw wrong(text, "'**' matches packages, not methods");
    }
    checkCharacters(text, classPart);
    checkCharacters(text, method.replace('.', '/'));
    return new FunctionPattern(text, parts(text, classPart), method);
  }

  private static void checkCharacters(String text, String part) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == '/' || c == ':' || c == ',' || c == ')' || c == '\\' || c <= ' ') {
        throw wrong(text, "'" + (c < ' ' ? '?' : c) + "' is not allowed in a function's name");
      }
    }
  }

  private static String[] parts(String text, String classPart) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    while (start <= classPart.length()) {
      int dot = classPart.indexOf('.', start);
      int end = dot < 0 ? classPart.length() : dot;
      String part = classPart.substring(start, end);
      if (part.isEmpty()) {
        throw wrong(text, "a name between two dots is empty");
      }
      if (part.contains(ANY_PACKAGES) && !part.equals(ANY_PACKAGES)) {
        throw wrong(text, "'**' must be alone between dots");
      }
      boolean last = dot < 0;
      if (last && part.equals(ANY_PACKAGES)) {
        parts.add(ANY_PACKAGES);
        parts.add(ANY); // a class in the package or any below
      } else {
        parts.add(part);
      }
      start = end + 1;
    }
    return parts.toArray(new String[0]);
  }

  private static IllegalArgumentException wrong(String text, String why) {
    return new IllegalArgumentException(
        "function pattern '"
            + text
            + "': "
            + why
            + "; write com.acme.** (a package and its subpackages), com.acme.*, com.acme.Stats or"
            + " com.acme.Stats::score");
  }

  boolean matches(String className, String methodName) {
    return matchesText(method, methodName) && matchesClass(className);
  }

  /** Whether it matches some method of this class. */
  boolean mayMatch(String className) {
    return matchesClass(className);
  }

  /** Whether it names exactly this method, without a wildcard, in a class that it matches. */
  boolean names(String className, String methodName) {
    return method.indexOf('*') < 0 && matches(className, methodName);
  }

  String text() {
    return text;
  }

  /** Replaces {@code .*} at the end of the class by {@code .**}. */
  static String widened(String text) {
    int colons = text.indexOf("::");
    String classPart = colons < 0 ? text : text.substring(0, colons);
    return classPart.endsWith(".*")
        ? classPart + "*" + (colons < 0 ? "" : text.substring(colons))
        : text;
  }

  /** Greedy, backtracking only to the last {@code **}; linear time for any name. */
  private boolean matchesClass(String className) {
    int part = 0;
    int from = 0; // start of the name segment that is compared with part
    int starPart = -1;
    int starFrom = 0;
    while (from <= className.length()) {
      int dot = className.indexOf('.', from);
      int end = dot < 0 ? className.length() : dot;
      if (part < classParts.length && classParts[part].equals(ANY_PACKAGES)) {
        starPart = part++;
        starFrom = from;
      } else if (part < classParts.length
          && matchesText(classParts[part], className.substring(from, end))) {
        part++;
        from = end + 1;
      } else if (starPart >= 0) {
        int skip = className.indexOf('.', starFrom);
        if (skip < 0) {
          return false;
        }
        part = starPart + 1;
        starFrom = skip + 1;
        from = starFrom;
      } else {
        return false;
      }
    }
    return part == classParts.length;
  }

  private static boolean matchesText(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
