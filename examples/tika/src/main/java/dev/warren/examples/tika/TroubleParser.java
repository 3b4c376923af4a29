package dev.warren.examples.tika;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.tika.exception.TikaException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.xml.sax.ContentHandler;

/**
 * A parser with the faults that real ones have: depending on the document, it never returns, uses
 * up the heap, or ends the process as a crash in a native library does. Tika finds it through
 * {@code META-INF/services}.
 */
public final class TroubleParser implements Parser {
  private static final long serialVersionUID = 1L;

  /** What a process returns that was ended by {@code abort()}. */
  private static final int ABORTED = 134;

  private static final int PIECE = 10_000_000;

  @Override
  public Set<MediaType> getSupportedTypes(ParseContext context) {
    return Set.of(MediaType.application("x-trouble"));
  }

  @Override
  public void parse(
      InputStream stream, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, TikaException {
    String kind = new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
    switch (kind) {
      case "trouble: hang" -> spin();
      case "trouble: exhaust" -> throw new TikaException("kept " + exhaust().size() + " pieces");
      case "trouble: crash" -> Runtime.getRuntime().halt(ABORTED);
      default -> throw new TikaException("unknown trouble: " + kind);
    }
  }

  /** Ignores interrupts, as a loop over damaged input does. */
  private static void spin() {
    long rounds = 0;
    while (rounds >= 0) {
      rounds = (rounds + 1) & Long.MAX_VALUE;
    }
  }

  private static List<byte[]> exhaust() {
    List<byte[]> pieces = new ArrayList<>();
    while (pieces.size() < Integer.MAX_VALUE) {
      pieces.add(new byte[PIECE]);
    }
    return pieces;
  }
}
