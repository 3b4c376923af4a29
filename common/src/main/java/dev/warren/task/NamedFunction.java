package dev.warren.task;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A function that is known here only by its name, because it exists only in the children: in
 * another language, or in a jar that this program does not have.
 *
 * <pre>{@code
 * NamedFunction<Integer> add = NamedFunction.of("operator::add", Integer.class);
 * int five = pool.apply(add, 2, 3);
 * }</pre>
 *
 * <p>It takes up to four arguments of any types. Nothing about them is known here, so they are
 * checked where the call runs. It cannot be called in this process. Immutable.
 *
 * @param <R> type of its results
 */
public final class NamedFunction<R extends @Nullable Object>
    implements Fn0<R>,
        Fn1<@Nullable Object, R>,
        Fn2<@Nullable Object, @Nullable Object, R>,
        Fn3<@Nullable Object, @Nullable Object, @Nullable Object, R>,
        Fn4<@Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object, R> {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final transient Type resultType;

  private NamedFunction(String name, Type resultType) {
    this.name = name;
    this.resultType = resultType;
  }

  /**
   * Creates a function.
   *
   * @param name {@code class::method} for children in Java, and whatever has this form and the
   *     children understand for others; in Python {@code module::function}
   * @param resultType class that its results are read as
   * @throws IllegalArgumentException if the name does not have this form
   */
  public static <R extends @Nullable Object> NamedFunction<R> of(String name, Class<R> resultType) {
    return ofType(name, resultType);
  }

  /**
   * Creates a function whose results are of a generic type, such as {@code List<Integer>}.
   *
   * @param resultType type that its results are read as; must match {@code R}
   * @throws IllegalArgumentException if the name does not have the form {@code class::method}
   */
  public static <R extends @Nullable Object> NamedFunction<R> ofType(String name, Type resultType) {
    int colons = name.indexOf("::");
    if (colons < 1
        || colons + 2 == name.length()
        || name.chars().anyMatch(c -> Character.isWhitespace(c) || c == '(' || c == ')')
        || name.indexOf(':', colons + 2) >= 0) {
      throw new IllegalArgumentException(
          "name is '" + name + "'; must have the form module::function or com.acme.Stats::score");
    }
    return new NamedFunction<>(name, resultType);
  }

  /** The name, {@code operator::add}. */
  public String name() {
    return name;
  }

  /** The type that its results are read as. */
  public Type resultType() {
    return resultType;
  }

  private UnsupportedOperationException notHere() {
    return new UnsupportedOperationException(
        name + " is known by name only; pass it to a pool instead of calling it");
  }

  /** Throws: the function does not exist in this process. */
  @Override
  public R apply() {
    throw notHere();
  }

  /** Throws: the function does not exist in this process. */
  @Override
  public R apply(@Nullable Object a) {
    throw notHere();
  }

  /** Throws: the function does not exist in this process. */
  @Override
  public R apply(@Nullable Object a, @Nullable Object b) {
    throw notHere();
  }

  /** Throws: the function does not exist in this process. */
  @Override
  public R apply(@Nullable Object a, @Nullable Object b, @Nullable Object c) {
    throw notHere();
  }

  /** Throws: the function does not exist in this process. */
  @Override
  public R apply(@Nullable Object a, @Nullable Object b, @Nullable Object c, @Nullable Object d) {
    throw notHere();
  }

  @Override
  public String toString() {
    return name;
  }
}
