package dev.warren.worker.child.call;

import dev.warren.lifecycle.TimeSource;
import java.io.File;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipError;
import java.util.zip.ZipException;

/**
 * Whether the class path was changed under a running child: a JVM reads an overwritten jar by the
 * table of contents of the old one, and remembers each class that it could not load. Such a child
 * fails for ever, a new one does not. Confined to the thread that runs calls.
 *
 * <p>A function that lacks a class in every child must not cost a child per call. So files decide
 * and not the exception alone: something of the class path must differ from what it was when the
 * child started. They are looked at once a second at most, and not in a child's first second.
 */
public final class ClassPathWatch {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Exceptions of one chain that are looked at. */
  private static final int MOST_CAUSES = 10;

  /** Files of a class folder that are looked at. */
  private static final int MOST_FILES = 20_000;

  private final TimeSource time;
  private final long startedMillis;
  private final List<Entry> entries = new ArrayList<>();
  private long lookedNanos;

  /** A jar or folder as it was. */
  private record Entry(File file, boolean folder, long size, long modified) {
    static Entry of(File file) {
      boolean folder = file.isDirectory();
      return new Entry(file, folder, folder ? 0 : file.length(), folder ? 0 : file.lastModified());
    }
  }

  private ClassPathWatch(TimeSource time, String classPath) {
    this.time = time;
    this.startedMillis = time.epochMillis();
    this.lookedNanos = time.nanos();
    int from = 0;
    while (from <= classPath.length()) {
      int to = classPath.indexOf(File.pathSeparatorChar, from);
      int end = to < 0 ? classPath.length() : to;
      if (end > from) {
        entries.add(Entry.of(new File(classPath.substring(from, end))));
      }
      from = end + 1;
    }
  }

  /**
   * Remembers what these files look like now.
   *
   * @param classPath jars and class folders as {@code -cp} takes them; empty for a child that
   *     cannot be replaced
   */
  public static ClassPathWatch over(String classPath, TimeSource time) {
    return new ClassPathWatch(time, classPath);
  }

  /**
   * Whether a call failed because of the class path, and that has changed since the child started.
   *
   * @param lookup whether the function itself could not be looked up: then any reason counts
   */
  public boolean isBroken(Throwable thrown, boolean lookup) {
    if (entries.isEmpty() || !(lookup || isOfLoading(thrown))) {
      return false;
    }
    long now = time.nanos();
    if (now - lookedNanos < LOOK_NANOS) {
      return false;
    }
    lookedNanos = now;
    for (Entry entry : entries) {
      if (entry.folder() ? holdsNewer(entry.file()) : !Entry.of(entry.file()).equals(entry)) {
        return true;
      }
    }
    return false;
  }

  /** Causes are asked of exceptions of the JDK and of ours only: a user's may do anything. */
  private static boolean isOfLoading(Throwable thrown) {
    Throwable one = thrown;
    for (int i = 0; one != null && i < MOST_CAUSES; i++) {
      if (one instanceof LinkageError
          || one instanceof ClassNotFoundException
          || one instanceof ZipException
          || one instanceof ZipError) {
        return true;
      }
      if (one.getClass().getClassLoader() != null && !(one instanceof Rejection)) {
        return false;
      }
      one = one.getCause();
    }
    return false;
  }

  /** Whether a class file or jar in it was written since the child started. */
  private boolean holdsNewer(File folder) {
    Deque<File> folders = new ArrayDeque<>(List.of(folder));
    int looked = 0;
    for (File next = folders.poll(); next != null; next = folders.poll()) {
      File[] files = next.listFiles();
      for (File file : files == null ? new File[0] : files) {
        if (++looked > MOST_FILES) {
          return false;
        }
        String name = file.getName();
        if (name.endsWith(".class") || name.endsWith(".jar")) {
          if (file.lastModified() >= startedMillis) {
            return true;
          }
        } else if (file.isDirectory()) {
          folders.add(file);
        }
      }
    }
    return false;
  }
}
