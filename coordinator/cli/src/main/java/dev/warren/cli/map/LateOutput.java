package dev.warren.cli.map;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is emptied only when something is written to it, or when it is flushed or closed: a
 * command that fails before leaves it as it was. Confined to one thread at a time.
 */
final class LateOutput extends OutputStream {
  private final Path file;
  private @Nullable OutputStream out;

  LateOutput(Path file) {
    this.file = file;
  }

  private OutputStream opened() throws IOException {
    OutputStream open = out;
    if (open == null) {
      open = Files.newOutputStream(file);
      out = open;
    }
    return open;
  }

  @Override
  public void write(int value) throws IOException {
    opened().write(value);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    opened().write(bytes, from, count);
  }

  @Override
  public void flush() throws IOException {
    opened().flush();
  }

  @Override
  public void close() throws IOException {
    opened().close();
  }
}
