package dev.warren.worker.link;

import dev.warren.json.LineBuffer;
import dev.warren.task.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a header's values, all of them, in the order of its {@link HeaderFormat}. Not thread-safe.
 */
final class HeaderWriter {
  private final HeaderFormat format;
  private final LineBuffer out;
  private int next;

  HeaderWriter(HeaderFormat format, LineBuffer out) {
    this.format = format;
    this.out = out;
  }

  HeaderWriter number(long value) {
    begin();
    out.writeNumber(value);
    return this;
  }

  HeaderWriter flag(boolean value) {
    begin();
    out.writeAscii(value ? "true" : "false");
    return this;
  }

  /** Writes a text or null. */
  HeaderWriter text(@Nullable String value) {
    begin();
    if (value == null) {
      out.writeAscii("null");
    } else {
      out.writeText(value);
    }
    return this;
  }

  /** Writes the text of the last field, or leaves the field out if it is null. */
  HeaderWriter lastText(@Nullable String value) {
    if (value == null) {
      next++;
      return this;
    }
    return text(value);
  }

  /** Writes a list of texts or null. */
  HeaderWriter texts(@Nullable List<String> values) {
    if (values == null) {
      return text(null);
    }
    begin();
    char separator = '[';
    for (String value : values) {
      out.write(separator);
      out.writeText(value);
      separator = ',';
    }
    out.writeAscii(values.isEmpty() ? "[]" : "]");
    return this;
  }

  /** Writes a finite number or null. */
  HeaderWriter fraction(@Nullable Double value) {
    return json(value == null ? null : Payload.of(value.toString()));
  }

  /** Copies a JSON value; null writes null. */
  HeaderWriter json(@Nullable Payload value) {
    if (value == null) {
      return text(null);
    }
    begin();
    out.write(value);
    return this;
  }

  private void begin() {
    out.write(format.start(next++));
  }

  /** Ends the header. */
  void end() {
    if (next != format.count()) {
      throw new IllegalStateException("field " + format.name(next) + " was not written");
    }
    out.write('}');
  }

  /** Ends the header and returns a frame without lines. */
  Frame frame(FrameType type) {
    end();
    return new Frame(type, out.toPayload());
  }

  /** Ends the header and returns a frame with it and these lines. */
  Frame frame(FrameType type, Payload lines) {
    end();
    out.write('\n');
    out.write(lines);
    return new Frame(type, out.toPayload());
  }
}
