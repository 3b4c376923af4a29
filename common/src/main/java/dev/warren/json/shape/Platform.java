package dev.warren.json.shape;

/** Recognizes the Java platform's own classes. Stateless. */
public final class Platform {
  private static final ClassLoader LOADER = ClassLoader.getPlatformClassLoader();

  private Platform() {}

  /** Whether a class belongs to the JDK. */
  public static boolean has(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == LOADER;
  }
}
