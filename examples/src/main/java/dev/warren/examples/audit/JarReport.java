package dev.warren.examples.audit;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The findings of an audit of one jar. Immutable.
 *
 * @param jar the path as given
 * @param bytes size of the file
 * @param sha256 digest of the file, in hex
 * @param classes number of classes; versions of a multi-release jar do not count
 * @param javaRelease the oldest Java that can load all of them; 0 if there are none
 * @param multiRelease whether the manifest declares other classes for newer Java versions
 * @param licences names of the licence and notice files
 * @param packages the classes of each package, each as 8 characters of base64 derived from its
 *     name: short, but enough to find classes that are also in another jar
 * @param problem what is wrong with the file if it is not a readable jar; otherwise null
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
