package dev.warren.examples.audit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Inspects a jar: number of classes, Java version, licences, digest.
 *
 * <p>{@link #audit} is an ordinary static method; Warren needs nothing more of a function.
 */
public final class JarAudit {
  private static final Pattern LICENCE =
      Pattern.compile("(META-INF/)?(LICEN[SC]E|COPYING|NOTICE)[^/]*", Pattern.CASE_INSENSITIVE);
  private static final int CLASS_FILE = 0xCAFEBABE;

  /** Class files of Java 1 have version 45. */
  private static final int BEFORE_FIRST_RELEASE = 44;

  private JarAudit() {}

  /**
   * Inspects one jar. A damaged jar is a finding, not a failure.
   *
   * @throws NoSuchFileException if there is no such file
   * @throws IOException if it cannot be read
   */
  public static JarReport audit(String jar) throws IOException {
    Path file = Path.of(jar);
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(jar);
    }
    String digest = digest(file);
    Findings findings = new Findings();
    @Nullable String problem = null;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      zip.stream().forEach(entry -> findings.add(zip, entry));
    } catch (IOException | IllegalArgumentException e) {
      problem = String.valueOf(e.getMessage());
    }
    return findings.report(jar, Files.size(file), digest, problem);
  }

  private static String digest(Path file) throws IOException {
    MessageDigest sha = sha256();
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Collects the findings of one jar's entries. */
  private static final class Findings {
    private final Map<String, List<String>> classNames = new TreeMap<>();
    private final List<String> licences = new ArrayList<>();
    private int classes;
    private int newest;
    private int damaged;
    private boolean multiRelease;

    void add(ZipFile zip, ZipEntry entry) {
      String name = entry.getName();
      try {
        if (name.endsWith(".class")) {
          addClass(zip, entry, name);
        } else if (LICENCE.matcher(name).matches()) {
          licences.add(name);
        } else if (name.equals(JarFile.MANIFEST_NAME)) {
          readManifest(zip, entry);
        }
      } catch (IOException e) {
        damaged++; // a bad entry does not affect the others
      }
    }

    private void addClass(ZipFile zip, ZipEntry entry, String name) throws IOException {
      if (name.startsWith("META-INF/")) {
        return; // another version of a class in the main part
      }
      try (DataInputStream in = new DataInputStream(zip.getInputStream(entry))) {
        if (in.readInt() != CLASS_FILE) {
          damaged++;
          return;
        }
        in.readUnsignedShort();
        newest = Math.max(newest, in.readUnsignedShort());
      } catch (EOFException e) {
        damaged++;
        return;
      }
      if (name.endsWith("module-info.class") || name.endsWith("package-info.class")) {
        return;
      }
      classes++;
      int slash = name.lastIndexOf('/');
      classNames
          .computeIfAbsent(name.substring(0, Math.max(slash, 0)), p -> new ArrayList<>())
          .add(name.substring(slash + 1));
    }

    private void readManifest(ZipFile zip, ZipEntry entry) throws IOException {
      try (InputStream in = zip.getInputStream(entry)) {
        Attributes main = new Manifest(in).getMainAttributes();
        multiRelease = "true".equalsIgnoreCase(main.getValue(Attributes.Name.MULTI_RELEASE));
      }
    }

    JarReport report(String jar, long bytes, String digest, @Nullable String problem) {
      Map<String, String> packages = new TreeMap<>();
      classNames.forEach((name, simple) -> packages.put(name.replace('/', '.'), marks(simple)));
      Collections.sort(licences);
      return new JarReport(
          jar,
          bytes,
          digest,
          classes,
          newest == 0 ? 0 : newest - BEFORE_FIRST_RELEASE,
          multiRelease,
          licences,
          packages,
          problem != null || damaged == 0 ? problem : damaged + " damaged entries");
    }

    private static String marks(List<String> names) {
      MessageDigest sha = sha256();
      StringBuilder marks = new StringBuilder(names.size() * JarReport.CLASS_MARK);
      names.stream().sorted().forEach(name -> marks.append(mark(sha, name)));
      return marks.toString();
    }

    /** A mark of 48 bits: with a million classes the chance of a collision is about one in 500. */
    private static String mark(MessageDigest sha, String name) {
      byte[] digest = sha.digest(name.getBytes(StandardCharsets.UTF_8));
      int bytes = JarReport.CLASS_MARK / 4 * 3;
      return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, bytes));
    }
  }
}
