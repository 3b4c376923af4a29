package dev.warren.cli.map;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * A file that is opened at once and keeps its content until something is written or flushed: a
 * command that fails before leaves it as it was. Confined to one thread at a time.
 */
final class LateOutput extends OutputStream {
  private final FileOutputStream out;
  private boolean emptied;

  /**
   * Opens the file.
   *
   * @throws IOException if it cannot be written
   */
  LateOutput(Path file) throws IOException {
    this.out = new FileOutputStream(file.toFile(), true);
  }

  private FileOutputStream emptied() throws IOException {
    if (!emptied) {
      out.getChannel().truncate(0);
      emptied = true;
    }
    return out;
  }

  @Override
  public void write(int value) throws IOException {
    emptied().write(value);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    emptied().write(bytes, from, count);
  }

  @Override
  public void flush() throws IOException {
    emptied().flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
