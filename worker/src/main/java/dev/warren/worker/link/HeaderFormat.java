package dev.warren.worker.link;

import dev.warren.json.LineBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The names of a header's fields, in the order in which this program writes them. A header is one
 * JSON object on one line. Immutable.
 */
final class HeaderFormat {
  private final List<String> names;
  // by field: everything between the value before and its own, as this program writes it
  private final byte[][] starts;

  HeaderFormat(String... names) {
    this.names = List.of(names);
    this.starts = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      String start = (i == 0 ? "{\"" : ",\"") + names[i] + "\":";
      starts[i] = start.getBytes(StandardCharsets.US_ASCII);
    }
  }

  int count() {
    return starts.length;
  }

  String name(int field) {
    return names.get(field);
  }

  /** The field of this name; -1 for none. */
  int field(String name) {
    return names.indexOf(name);
  }

  byte[] start(int field) {
    return starts[field];
  }

  /**
   * Parses a header.
   *
   * @throws LinkException if it is not one JSON object on one line
   */
  HeaderReader read(Frame frame) {
    return HeaderReader.of(this, frame);
  }

  /** Begins a header at the end of a buffer. */
  HeaderWriter write(LineBuffer out) {
    return new HeaderWriter(this, out);
  }

  /** Begins the header of a new frame. */
  HeaderWriter write() {
    return write(new LineBuffer(128, Integer.MAX_VALUE));
  }
}
