package dev.warren.worker.functions;

import java.util.ArrayList;
import java.util.List;

/**
 * Patterns over function names, as {@code --functions} and {@code --allow} take them. Immutable.
 *
 * <p>A pattern is a class name, and after {@code ::} a method name. In both, {@code *} stands for
 * any characters of one name; {@code **} stands for any packages: {@code com.acme.**} is every
 * class in the package and below, {@code com.acme.*} every class directly in it, {@code
 * com.acme.Stats} one class. Without {@code ::} every method of the class is meant. A nested class
 * is one name, {@code Outer$Inner}. A constructor is {@code ::new}.
 */
public final class FunctionPatterns {
  /** Matches nothing. */
  public static final FunctionPatterns NONE = new FunctionPatterns(List.of());

  private final List<FunctionPattern> patterns;

  private FunctionPatterns(List<FunctionPattern> patterns) {
    this.patterns = patterns;
  }

  /**
   * Reads patterns.
   *
   * @throws IllegalArgumentException naming the first that is none
   */
  public static FunctionPatterns of(List<String> texts) {
    List<FunctionPattern> patterns = new ArrayList<>(texts.size());
    for (String text : texts) {
      patterns.add(FunctionPattern.parse(text));
    }
    return patterns.isEmpty() ? NONE : new FunctionPatterns(patterns);
  }

  /**
   * Reads patterns of {@code --allow}, where {@code com.acme.*} means {@code com.acme.**}.
   *
   * @throws IllegalArgumentException naming the first that is none
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

  /** Whether any pattern names this method without a wildcard: it may then be private. */
  public boolean names(String className, String methodName) {
    for (FunctionPattern pattern : patterns) {
      if (pattern.names(className, methodName)) {
        return true;
      }
    }
    return false;
  }

  /** The patterns as they were written. */
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
