package dev.warren.worker.functions;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A digest of an app's files, by which workers with different builds of it are recognized. A jar
 * and a folder with the same classes and resources have the same digest; {@code META-INF}, which
 * build tools fill with times, does not count. Stateless.
 */
public final class AppDigest {
  private static final int BYTES = 8;

  private AppDigest() {}

  /**
   * Returns 16 hexadecimal digits.
   *
   * @param app jars and folders of classes
   * @throws IOException if a jar cannot be read
   */
  public static String of(List<Path> app) throws IOException {
    MessageDigest all = sha256();
    for (Path entry : app) {
      Map<String, byte[]> files = new TreeMap<>();
      CodeFiles.visit(
          entry,
          (path, content) -> {
            if (!path.startsWith("META-INF/")) {
              files.put(path, digest(content));
            }
          });
      files.forEach(
          (path, digest) -> {
            all.update(path.getBytes(StandardCharsets.UTF_8));
            all.update((byte) 0);
            all.update(digest);
          });
    }
    return HexFormat.of().formatHex(all.digest(), 0, BYTES);
  }

  private static byte[] digest(CodeFiles.Content content) throws IOException {
    try (InputStream in = content.open();
        DigestInputStream digested = new DigestInputStream(in, sha256())) {
      digested.transferTo(OutputStream.nullOutputStream());
      return digested.getMessageDigest().digest();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
