package dev.warren.worker.functions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Determines whose code all entries of an {@code --app} contain. The app is partly foreign if its
 * packages belong to more than one owner, if Maven metadata names artifacts of more than one owner,
 * if a package looks relocated, or if a jar contains further jars. Immutable.
 *
 * <p>The owner of a package is its first two names, {@code com.acme}; three where many share the
 * first two ({@code org.apache.commons}, {@code uk.co.acme}); one if the first is not a top-level
 * domain ({@code shop}). The default package is a separate owner; Warren's examples have none.
 */
final class Origins {
  private static final Set<String> DOMAINS =
      Set.of(
          "com",
          "org",
          "net",
          "edu",
          "gov",
          "mil",
          "info",
          "biz",
          "dev",
          "app",
          "cloud",
          "tech",
          "tools",
          "software",
          "systems",
          "xyz",
          "name");
  private static final Set<String> SECOND_LEVEL =
      Set.of("co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go");
  private static final Set<String> SHARED =
      Set.of(
          "io.github",
          "io.gitlab",
          "com.github",
          "com.gitlab",
          "com.google",
          "com.googlecode",
          "com.sun",
          "org.apache",
          "org.eclipse",
          "org.codehaus",
          "net.sf",
          "net.sourceforge",
          "org.sourceforge");
  private static final Set<String> RELOCATED =
      Set.of("shaded", "shade", "shadow", "relocated", "repackaged", "thirdparty", "3rdparty");

  /** Owners of well-known libraries, which are unlikely to be the user's own functions. */
  private static final List<String> LIBRARIES =
      List.of(
          "ch.qos",
          "com.fasterxml",
          "com.google",
          "com.rabbitmq",
          "com.sun",
          "com.zaxxer",
          "dev.warren",
          "groovy",
          "io.micrometer",
          "io.netty",
          "io.opentelemetry",
          "io.projectreactor",
          "jakarta",
          "javax",
          "joptsimple",
          "junit",
          "kotlin",
          "kotlinx",
          "lombok",
          "me.tongfei",
          "net.bytebuddy",
          "net.sf",
          "okhttp3",
          "okio",
          "org.apache",
          "org.aspectj",
          "org.assertj",
          "org.bouncycastle",
          "org.checkerframework",
          "org.codehaus",
          "org.eclipse",
          "org.hibernate",
          "org.intellij",
          "org.jetbrains",
          "org.jspecify",
          "org.junit",
          "org.postgresql",
          "org.reactivestreams",
          "org.slf4j",
          "org.springframework",
          "org.sqlite",
          "org.w3c",
          "org.xml",
          "org.yaml",
          "picocli",
          "reactor",
          "scala",
          "tools.jackson");

  private final List<AppEntry> entries;
  // owner -> packages -> number of classes
  private final Map<String, Map<String, Integer>> owners = new TreeMap<>();
  private final @Nullable String reason;

  Origins(List<AppEntry> entries) {
    this.entries = entries;
    for (AppEntry entry : entries) {
      entry.packages().forEach(this::add);
    }
    joinPrefixes();
    this.reason = findReason();
  }

  private void add(String name, int classes) {
    if (!WarrensOwn.isExample(name + ".")) {
      owners.computeIfAbsent(owner(name), o -> new TreeMap<>()).merge(name, classes, Integer::sum);
    }
  }

  static String owner(String packageName) {
    String[] names = packageName.split("\\.", -1);
    if (names.length < 2) {
      return packageName;
    }
    String two = names[0] + "." + names[1];
    boolean country = names[0].length() == 2;
    if ((country && SECOND_LEVEL.contains(names[1])) || SHARED.contains(two)) {
      return names.length == 2 ? two : two + "." + names[2];
    }
    return country || DOMAINS.contains(names[0]) ? two : names[0];
  }

  /** Merges owners with a common prefix: {@code com.acme} also owns {@code com.acme.labs}. */
  private void joinPrefixes() {
    for (String owner : new ArrayList<>(owners.keySet())) {
      for (String other : new ArrayList<>(owners.keySet())) {
        if (!other.isEmpty() && owner.startsWith(other + ".")) {
          Map<String, Integer> joined = owners.remove(owner);
          if (joined != null) {
            owners.computeIfAbsent(other, o -> new TreeMap<>()).putAll(joined);
          }
        }
      }
    }
  }

  /** Why the app counts as partly foreign; null if it does not. */
  @Nullable String reason() {
    return reason;
  }

  private @Nullable String findReason() {
    for (AppEntry entry : entries) {
      if (entry.nested() != null) {
        return entry.path().getFileName() + " contains further jars (" + entry.nested() + ")";
      }
    }
    if (owners.size() > 1) {
      return "its packages have " + owners.size() + " origins (" + some(owners.keySet()) + ")";
    }
    for (Map<String, Integer> packages : owners.values()) {
      for (String name : packages.keySet()) {
        if (isRelocated(name)) {
          return "package " + name + " looks like a relocated library";
        }
      }
    }
    Set<String> artifacts = new TreeSet<>();
    Set<String> groups = new TreeSet<>();
    for (AppEntry entry : entries) {
      for (String artifact : entry.artifacts()) {
        if (!artifact.equals("dev.warren:warren-examples")) {
          artifacts.add(artifact);
          groups.add(owner(artifact.substring(0, artifact.indexOf(':'))));
        }
      }
    }
    return groups.size() > 1
        ? "it contains " + artifacts.size() + " artifacts (" + some(artifacts) + ")"
        : null;
  }

  private static String some(Set<String> names) {
    List<String> shown =
        names.stream().limit(3).map(name -> name.isEmpty() ? "the default package" : name).toList();
    return String.join(", ", shown)
        + (names.size() > 3 ? " and " + (names.size() - 3) + " more" : "");
  }

  /**
   * Recognizes {@code com.acme.shaded.org.apache.commons} and {@code
   * com.acme.lib.com.google.common}.
   */
  private static boolean isRelocated(String packageName) {
    String[] names = packageName.split("\\.", -1);
    for (int i = 1; i < names.length; i++) {
      boolean inside = i > 1 && (names[i].equals("com") || names[i].equals("org"));
      if (RELOCATED.contains(names[i].toLowerCase(Locale.ROOT))
          || (inside && names.length - i > 2)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Guesses the pattern of the user's own functions: the package of the program's main class, of
   * the artifact that a jar is named after, or the largest package that is not a well-known
   * library's.
   */
  String guess() {
    String owner = ownerByMainClass();
    owner = owner == null ? ownerByArtifact() : owner;
    owner = owner == null ? biggest() : owner;
    if (owner == null) {
      return misplaced();
    }
    Map<String, Integer> packages = owners.getOrDefault(owner, Map.of());
    List<String> own = packages.keySet().stream().filter(name -> !isRelocated(name)).toList();
    String common = commonPackage(own.isEmpty() ? List.of(owner) : own);
    return common.isEmpty() ? "*" : common + ".**";
  }

  private @Nullable String ownerByMainClass() {
    for (AppEntry entry : entries) {
      String main = entry.mainClass();
      if (main != null && main.contains(".")) {
        String owner = known(main.substring(0, main.lastIndexOf('.')));
        if (owner != null && !isLibrary(owner)) {
          return owner;
        }
      }
    }
    return null;
  }

  private @Nullable String ownerByArtifact() {
    for (AppEntry entry : entries) {
      Path name = entry.path().getFileName();
      for (String artifact : entry.artifacts()) {
        int colon = artifact.indexOf(':');
        String owner = known(artifact.substring(0, colon));
        if (owner != null
            && !isLibrary(owner)
            && name != null
            && name.toString().startsWith(artifact.substring(colon + 1))) {
          return owner;
        }
      }
    }
    return null;
  }

  /** The owner of this package or group, if it has classes here. */
  private @Nullable String known(String name) {
    for (String owner : owners.keySet()) {
      if (!owner.isEmpty() && (name + ".").startsWith(owner + ".")) {
        return owner;
      }
    }
    return null;
  }

  private @Nullable String biggest() {
    String best = null;
    long max = -1;
    for (var owner : owners.entrySet()) {
      long classes = owner.getValue().values().stream().mapToInt(n -> n).sum();
      long weight = isLibrary(owner.getKey()) ? classes : classes + (1L << 40);
      if (weight > max) {
        max = weight;
        best = owner.getKey();
      }
    }
    return best;
  }

  /**
   * If no class can be loaded from its location: guesses from the packages that the classes
   * declare.
   */
  private String misplaced() {
    for (AppEntry entry : entries) {
      List<String> own =
          entry.misplaced().stream().filter(name -> !isLibrary(owner(name))).toList();
      if (!own.isEmpty()) {
        return commonPackage(own) + ".**";
      }
    }
    return "com.acme.**";
  }

  private static boolean isLibrary(String owner) {
    for (String library : LIBRARIES) {
      if ((owner + ".").startsWith(library + ".")) {
        return true;
      }
    }
    return false;
  }

  private static String commonPackage(List<String> packages) {
    List<String> common = Arrays.asList(packages.get(0).split("\\.", -1));
    for (String name : packages) {
      List<String> names = Arrays.asList(name.split("\\.", -1));
      int same = 0;
      while (same < Math.min(common.size(), names.size())
          && common.get(same).equals(names.get(same))) {
        same++;
      }
      common = common.subList(0, same);
    }
    return String.join(".", common);
  }
}
