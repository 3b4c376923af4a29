package dev.warren.wire;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function by name, {@code com.acme.Stats::score}, or with its signature, as sent by Java
 * callers: {@code com.acme.Stats::score(Ljava/lang/Integer;)D}. An instance method takes its
 * receiver as first argument; {@code com.acme.Point::new} is a constructor. Immutable.
 *
 * @param className binary class name, {@code com.acme.Outer$Inner}
 * @param methodName method name, or {@code new}
 * @param descriptor JVM method descriptor; null if name and number of arguments select the method
 * @param digest digest of the class file, set for a lambda, whose synthetic name is valid only for
 *     the same build; otherwise null
 * @param resultType class that the caller reads results as, if the signature leaves it open (a type
 *     variable); {@code void} if the caller wants no results; otherwise null. On the wire it
 *     follows the descriptor, {@code
 *     com.acme.Json::parse(Ljava/lang/String;)Ljava/lang/Object;:com.acme.Item}
 */
public record FunctionRef(
    String className,
    String methodName,
    @Nullable String descriptor,
    @Nullable String digest,
    @Nullable String resultType) {
  private static final String DISCARDED = "void";

  /** A function whose signature determines the type of its results. */
  public FunctionRef(
      String className, String methodName, @Nullable String descriptor, @Nullable String digest) {
    this(className, methodName, descriptor, digest, null);
  }

  /** Returns the same function, whose results the caller does not want. */
  public FunctionRef discardingResult() {
    return new FunctionRef(className, methodName, descriptor, digest, DISCARDED);
  }

  /** Whether the caller does not want the results: each is null, whatever the function returns. */
  public boolean discardsResult() {
    return DISCARDED.equals(resultType);
  }

  /**
   * Parses {@code class::method} or {@code class::method(descriptor)}.
   *
   * @throws WireFormatException if it is neither
   */
  public static FunctionRef parse(String text, @Nullable String digest) {
    // without a regular expression: a process's first one would slow down a starting child
    int colons = text.indexOf("::");
    int open = text.indexOf('(');
    int end = open < 0 ? text.length() : open;
    if (colons < 1 || !isName(text, 0, colons) || !isName(text, colons + 2, end)) {
      throw noFunction(text);
    }
    int colon = open < 0 ? -1 : text.indexOf(':', open);
    String descriptor = open < 0 ? null : text.substring(open, colon < 0 ? text.length() : colon);
    String resultType = colon < 0 ? null : text.substring(colon + 1);
    if ((descriptor != null && !isDescriptor(descriptor))
        || (resultType != null && !isName(resultType, 0, resultType.length()))) {
      throw noFunction(text);
    }
    return new FunctionRef(
        text.substring(0, colons), text.substring(colons + 2, end), descriptor, digest, resultType);
  }

  private static boolean isName(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == ':' || c == '(' || c == ')' || Character.isWhitespace(c)) {
        return false;
      }
    }
    return from < to;
  }

  private static boolean isDescriptor(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        return false;
      }
    }
    int close = text.indexOf(')');
    return close > 0 && close < text.length() - 1;
  }

  private static WireFormatException noFunction(String text) {
    return new WireFormatException(
        "not a function: '" + Headers.cut(text) + "'; write com.acme.Stats::score");
  }

  /** The JVM descriptor of a method or constructor, as in {@link #descriptor()}. */
  public static String descriptorOf(Executable executable) {
    StringBuilder text = new StringBuilder("(");
    for (Class<?> type : executable.getParameterTypes()) {
      text.append(type.descriptorString());
    }
    Class<?> result = executable instanceof Method method ? method.getReturnType() : void.class;
    return text.append(')').append(result.descriptorString()).toString();
  }

  /**
   * The digest of a class file, as in {@link #digest()}: {@code sha256:<hex>}; {@code none} if the
   * file cannot be read.
   */
  public static String digestOf(Class<?> type) {
    String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      if (in == null) {
        return "none";
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (IOException e) {
      return "none";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  // Hand-written: the methods that Java generates for a process's first record cost a starting
  // child 30 ms.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FunctionRef that
        && className.equals(that.className)
        && methodName.equals(that.methodName)
        && Objects.equals(descriptor, that.descriptor)
        && Objects.equals(digest, that.digest)
        && Objects.equals(resultType, that.resultType);
  }

  @Override
  public int hashCode() {
    int hash = 31 * className.hashCode() + methodName.hashCode();
    hash = 31 * (31 * hash + Objects.hashCode(descriptor)) + Objects.hashCode(digest);
    return 31 * hash + Objects.hashCode(resultType);
  }

  /** {@code com.acme.Stats::score}, for messages. */
  public String shortName() {
    return className + "::" + methodName;
  }

  /** The form on the wire, which {@link #parse} reads. */
  @Override
  public String toString() {
    return descriptor == null
        ? shortName()
        : shortName() + descriptor + (resultType == null ? "" : ":" + resultType);
  }
}
