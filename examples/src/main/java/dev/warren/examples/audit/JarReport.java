package dev.warren.examples.audit;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found in one jar. Immutable.
 *
 * @param jar the path it was asked for
 * @param bytes size of the file
 * @param sha256 digest of the file, in hex
 * @param classes how many classes are in it, the versions of a multi-release jar not counted again
 * @param javaRelease the oldest Java that can load all of them; 0 where there are none
 * @param multiRelease whether its manifest says that it brings other classes for newer Javas
 * @param licences names of the licence and notice files in it
 * @param packages per package its classes, each as 8 characters of base64 made from its name:
 *     short, and enough to find a class that also stands in another jar
 * @param problem what is wrong with the file, where it is not a readable jar; else null
 */
public record JarReport(
    String jar,
    long bytes,
    String sha256,
    int classes,
    int javaRelease,
    boolean multiRelease,
    List<String> licences,
    Map<String, String> packages,
    @Nullable String problem) {
  /** Characters per class in {@link #packages}. */
  public static final int CLASS_MARK = 8;

  public JarReport {
    licences = List.copyOf(licences);
  }
}
