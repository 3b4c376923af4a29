package dev.warren.worker.functions;

import java.util.ArrayList;
import java.util.List;

/**
 * Patterns for function names, as in {@code --functions} and {@code --allow}. Immutable.
 *
 * <p>A pattern is a class name, optionally followed by {@code ::} and a method name. In both,
 * {@code *} matches any characters of one name, and {@code **} matches any packages: {@code
 * com.acme.**} is every class in the package and its subpackages, {@code com.acme.*} every class
 * directly in it, {@code com.acme.Stats} one class. Without {@code ::} the pattern means every
 * method of the class. A nested class is one name, {@code Outer$Inner}. A constructor is {@code
 * ::new}.
 */
public final class FunctionPatterns {
  /** Matches nothing. */
  public static final FunctionPatterns NONE = new FunctionPatterns(List.of());

  private final List<FunctionPattern> patterns;

  private FunctionPatterns(List<FunctionPattern> patterns) {
    this.patterns = patterns;
  }

  /**
   * Parses patterns.
   *
   * @throws IllegalArgumentException naming the first invalid pattern
   */
  public static FunctionPatterns of(List<String> texts) {
    List<FunctionPattern> patterns = new ArrayList<>(texts.size());
    for (String text : texts) {
      patterns.add(FunctionPattern.parse(text));
    }
    return patterns.isEmpty() ? NONE : new FunctionPatterns(patterns);
  }

  /**
   * Parses patterns of {@code --allow}, where {@code com.acme.*} means {@code com.acme.**}.
   *
   * @throws IllegalArgumentException naming the first invalid pattern
   */
  public static FunctionPatterns ofAllow(List<String> texts) {
    List<String> widened = new ArrayList<>(texts.size());
    for (String text : texts) {
      widened.add(FunctionPattern.widened(text));
    }
    return of(widened);
  }

  public boolean isEmpty() {
    return patterns.isEmpty();
  }

  /** Whether any pattern matches this method of this class. */
  public boolean matches(String className, String methodName) {
    for (FunctionPattern pattern : patterns) {
      if (pattern.matches(className, methodName)) {
        return true;
      }
    }
    return false;
  }

  /** Whether any pattern matches some method of this class. */
  public boolean mayMatch(String className) {
    for (FunctionPattern pattern : patterns) {
      if (pattern.mayMatch(className)) {
        return true;
      }
    }
    return false;
  }

  /** Whether any pattern names this method without a wildcard, so that it may be private. */
  public boolean names(String className, String methodName) {
    for (FunctionPattern pattern : patterns) {
      if (pattern.names(className, methodName)) {
        return true;
      }
    }
    return false;
  }

  /** The patterns as written. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>(patterns.size());
    for (FunctionPattern pattern : patterns) {
      texts.add(pattern.text());
    }
    return texts;
  }

  @Override
  public String toString() {
    return String.join(", ", texts());
  }
}
