package dev.warren.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small file system in memory that can be filled. Needs the right to mount, which root usually
 * has. Confined to the scenario's thread.
 */
final class FullDisk implements AutoCloseable {
  private static final String SIZE = "size=16m";
  private static final boolean POSSIBLE = tryOnce();

  private final Path folder;

  private FullDisk(Path folder) {
    this.folder = folder;
  }

  /** Whether this process may mount one. */
  static boolean isPossible() {
    return POSSIBLE;
  }

  private static boolean tryOnce() {
    try {
      mount().close();
      return true;
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** Mounts one on a new folder. */
  static FullDisk mount() throws IOException {
    Path folder = Files.createTempDirectory("warren-chaos-disk-");
    try {
      run("mount", "-t", "tmpfs", "-o", SIZE, "warren-chaos", folder.toString());
      return new FullDisk(folder);
    } catch (IOException e) {
      Files.delete(folder);
      throw e;
    }
  }

  Path folder() {
    return folder;
  }

  /** Leaves no byte free. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filler())) {
      byte[] page = new byte[4096];
      while (Files.getFileStore(folder).getUsableSpace() > 0) {
        out.write(page);
      }
    } catch (IOException e) {
      if (Files.getFileStore(folder).getUsableSpace() > 0) {
        throw e;
      }
    }
  }

  /** Makes room again. */
  void free() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() {
    try {
      run("umount", "--lazy", folder.toString());
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
