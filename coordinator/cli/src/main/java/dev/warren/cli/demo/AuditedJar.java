package dev.warren.cli.demo;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of the demo's function, {@code dev.warren.examples.audit.JarAudit::audit}, for one
 * jar; its record {@code JarReport} explains the fields. Immutable.
 */
record AuditedJar(
    String jar,
    long bytes,
    String sha256,
    int classes,
    int javaRelease,
    boolean multiRelease,
    List<String> licences,
    Map<String, String> packages,
    @Nullable String problem) {
  private static final int CLASS_MARK = 8;

  AuditedJar {
    licences = List.copyOf(licences);
    packages = Map.copyOf(packages);
  }

  /** Receives a class of this jar: its package and the digest that represents its name. */
  @FunctionalInterface
  interface ClassConsumer {
    void accept(String packageName, String mark);
  }

  void forEachClass(ClassConsumer action) {
    packages.forEach(
        (name, marks) -> {
          for (int i = 0; i + CLASS_MARK <= marks.length(); i += CLASS_MARK) {
            action.accept(name, marks.substring(i, i + CLASS_MARK));
          }
        });
  }

  /** The file name without its folder. */
  String fileName() {
    return jar.substring(jar.lastIndexOf('/') + 1);
  }

  /** The file name without its version, if it seems to have one. */
  String artifact() {
    return fileName().replaceFirst("(-\\d.*)?\\.jar$", "");
  }
}
