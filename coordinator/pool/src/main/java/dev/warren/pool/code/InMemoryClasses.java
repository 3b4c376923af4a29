package dev.warren.pool.code;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Classes that exist only in this program's memory: those of the source launcher ({@code java
 * Primes.java}) and of jshell. Children load them from a folder to which a function's class is
 * written, with the classes that it uses, when the function is first read. Thread-safe.
 */
public final class InMemoryClasses {
  private static final InMemoryClasses INSTANCE = new InMemoryClasses();
  private static final Pattern NAMES = Pattern.compile("L([^;:<()\\[]+)[;<]");

  /** Protocols of what a child can read too. */
  private static final Set<String> FILES = Set.of("file", "jar", "jrt", "nested");

  /** Hashes of the class files written for the pools that are open, by class name. */
  private final Map<String, Integer> written = new HashMap<>();

  private @Nullable Path folder;
  private boolean elsewhere;

  private InMemoryClasses() {}

  /** The classes of this program. */
  public static InMemoryClasses ofProgram() {
    return INSTANCE;
  }

  /**
   * Returns the folder in which children of a new {@code local:} pool find the classes; null if
   * this program's class loader is an ordinary one. Created once per program, deleted at its end.
   */
  public synchronized @Nullable Path folder() {
    written.clear(); // its children load what is written from now on
    return folder != null || hasOtherLoader() ? created() : null;
  }

  /** A pool was opened whose children other programs start. */
  public synchronized void openedElsewhere() {
    elsewhere = true;
  }

  private synchronized Path created() {
    try {
      if (folder == null) {
        folder = Files.createTempDirectory("warren-classes-");
        folder.toFile().deleteOnExit();
      }
      return folder;
    } catch (IOException e) {
      throw new IllegalStateException("cannot create a folder for classes: " + e.getMessage(), e);
    }
  }

  /** Whether the code that opens a pool was loaded by a loader of its own. */
  private static boolean hasOtherLoader() {
    return isOther(Thread.currentThread().getContextClassLoader())
        || StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(
                frames -> frames.anyMatch(at -> isOther(at.getDeclaringClass().getClassLoader())));
  }

  private static boolean isOther(@Nullable ClassLoader loader) {
    return loader != null
        && loader != ClassLoader.getSystemClassLoader()
        && loader != ClassLoader.getPlatformClassLoader();
  }

  /** Whether a class is in no file, so that it must be provided each time it is needed. */
  public static boolean contains(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return isOther(loader) && !isInFile(type, Objects.requireNonNull(loader));
  }

  /**
   * Makes sure that children can load a function's class.
   *
   * @param name the argument's name, for the message
   * @throws IllegalArgumentException in one line, if the class is in no file and cannot be written
   *     to one; if this program has only pools on a broker; if children may have loaded another
   *     version of it
   */
  public void provide(String name, Class<?> type) {
    if (!contains(type)) {
      return;
    }
    ClassLoader loader = Objects.requireNonNull(type.getClassLoader());
    synchronized (this) {
      boolean unread = elsewhere && folder == null;
      if (unread || loader.getResource(fileName(type.getName())) == null) {
        throw new IllegalArgumentException(
            name
                + " is in class "
                + type.getName()
                + ", which exists only in the memory of this program ("
                + loader.getClass().getSimpleName()
                + "), so other processes cannot load it; compile it to a file (javac -d classes …),"
                + " put that on the class path, and into --app of workers");
      }
      write(type.getName(), loader, created());
    }
  }

  private static boolean isInFile(Class<?> type, ClassLoader loader) {
    URL resource = loader.getResource(fileName(type.getName()));
    return resource == null
        ? type.getProtectionDomain().getCodeSource() != null
            && isFile(type.getProtectionDomain().getCodeSource().getLocation())
        : isFile(resource);
  }

  private static boolean isFile(@Nullable URL url) {
    return url != null && FILES.contains(url.getProtocol());
  }

  private static String fileName(String className) {
    return className.replace('.', '/') + ".class";
  }

  /** Writes a class and, transitively, the classes in memory that its file names. */
  private void write(String first, ClassLoader loader, Path target) {
    Set<String> seen = new HashSet<>();
    Deque<String> left = new ArrayDeque<>();
    left.add(first);
    for (String next = left.poll(); next != null; next = left.poll()) {
      URL resource = seen.add(next) ? loader.getResource(fileName(next)) : null;
      if (resource == null || isFile(resource)) {
        continue;
      }
      try (InputStream in = resource.openStream()) {
        byte[] bytes = in.readAllBytes();
        write(next, bytes, target);
        left.addAll(namesIn(bytes));
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "class " + next + " cannot be written for child processes: " + e.getMessage(), e);
      }
    }
  }

  private void write(String className, byte[] bytes, Path target) throws IOException {
    Integer before = written.putIfAbsent(className, Arrays.hashCode(bytes));
    if (before == null) {
      Path file = target.resolve(fileName(className));
      deleteAtExit(target, Files.createDirectories(Objects.requireNonNull(file.getParent())));
      Files.write(file, bytes);
      file.toFile().deleteOnExit();
    } else if (before != Arrays.hashCode(bytes)) {
      throw new IllegalArgumentException(
          "class "
              + className
              + " was redefined after the pool's children could load it; close the pool and open it"
              + " again");
    }
  }

  /** Files are deleted in the reverse order. */
  private static void deleteAtExit(Path top, Path folder) {
    Path at = top;
    for (Path part : top.relativize(folder)) {
      at = at.resolve(part);
      at.toFile().deleteOnExit();
    }
  }

  /** Names of classes in the constant pool of a class file. */
  static Set<String> namesIn(byte[] classFile) throws IOException {
    Set<String> names = new HashSet<>();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    in.skipNBytes(8);
    int count = in.readUnsignedShort();
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> add(in.readUTF(), names);
        case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        case 5, 6 -> {
          in.skipNBytes(8);
          i++;
        }
        default -> in.skipNBytes(4);
      }
    }
    return names;
  }

  /** A constant may be a class name, a descriptor or a generic signature. */
  private static void add(String constant, Set<String> names) {
    for (Matcher name = NAMES.matcher(constant); name.find(); ) {
      names.add(name.group(1).replace('/', '.'));
    }
    if (!constant.isEmpty() && constant.chars().allMatch(InMemoryClasses::isOfName)) {
      names.add(constant.replace('/', '.'));
    }
  }

  private static boolean isOfName(int c) {
    return c == '/' || Character.isJavaIdentifierPart(c);
  }
}
