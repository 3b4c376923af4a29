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
 * Detects that the class path was changed under a running child: a JVM reads an overwritten jar by
 * the index of the old one, and caches every failure to load a class. Such a child keeps failing,
 * while a new one does not. Confined to the thread that runs calls.
 *
 * <p>A function whose class is missing in every child must not cost one child per call. So the
 * exception alone does not decide: a file of the class path must also differ from its state at the
 * child's start. Files are checked at most once a second, and not in a child's first second.
 */
public final class ClassPathWatch {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Maximum number of causes that are checked. */
  private static final int MAX_CAUSES = 10;

  /** Maximum number of files of a class folder that are checked. */
  private static final int MAX_FILES = 20_000;

  private final TimeSource time;
  private final long startedMillis;
  private final List<Entry> entries = new ArrayList<>();
  private long lookedNanos;

  /** The recorded state of a jar or folder. */
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
   * Records the present state of these files.
   *
   * @param classPath jars and class folders as in {@code -cp}; empty for a child that cannot be
   *     replaced
   */
  public static ClassPathWatch over(String classPath, TimeSource time) {
    return new ClassPathWatch(time, classPath);
  }

  /**
   * Whether a call failed because of the class path, and the class path has changed since the
   * child's start.
   *
   * @param lookup whether the function itself could not be found; then any exception counts
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

  /**
   * Whether the exception, or a cause of it, is about class loading. Only causes of exceptions of
   * the JDK and of Warren are read, because a user's exception may do anything.
   */
  private static boolean isOfLoading(Throwable thrown) {
    Throwable one = thrown;
    for (int i = 0; one != null && i < MAX_CAUSES; i++) {
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

  /** Whether a class file or jar in the folder was written after the child's start. */
  private boolean holdsNewer(File folder) {
    Deque<File> folders = new ArrayDeque<>(List.of(folder));
    int looked = 0;
    for (File next = folders.poll(); next != null; next = folders.poll()) {
      File[] files = next.listFiles();
      for (File file : files == null ? new File[0] : files) {
        if (++looked > MAX_FILES) {
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
