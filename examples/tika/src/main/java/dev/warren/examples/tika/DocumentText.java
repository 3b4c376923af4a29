package dev.warren.examples.tika;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.HttpHeaders;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.sax.BodyContentHandler;
import org.xml.sax.SAXException;

/**
 * The functions that run in the child processes: text out of a document, with Apache Tika. They are
 * ordinary methods; nothing here knows Warren.
 */
public final class DocumentText {
  /** Maximum length of a text; a longer one is a failure of its call. */
  private static final int MAX_TEXT = 20_000_000;

  /** What a library with a leak keeps of every document: a megabyte. */
  private static final int LEAK = 1 << 20;

  private static final AutoDetectParser PARSER = new AutoDetectParser();

  /** What the leaky library never forgets. */
  private static final List<byte[]> LEAKED = Collections.synchronizedList(new ArrayList<>());

  /**
   * The text of a document.
   *
   * @param type its media type
   * @param characters length of the whole text
   * @param beginning the first words
   */
  public record Text(String type, int characters, String beginning) {}

  private DocumentText() {}

  /** Reads a document. */
  public static Text read(String path) throws IOException, TikaException, SAXException {
    Metadata metadata = new Metadata();
    try (InputStream document = TikaInputStream.get(Path.of(path), metadata)) {
      return read(document, metadata);
    }
  }

  private static Text read(InputStream document, Metadata metadata)
      throws IOException, TikaException, SAXException {
    BodyContentHandler body = new BodyContentHandler(MAX_TEXT);
    PARSER.parse(document, body, metadata, new ParseContext());
    String text = body.toString();
    String type = metadata.get(HttpHeaders.CONTENT_TYPE);
    String line = text.strip().replaceAll("\\s+", " ");
    return new Text(
        type == null ? "unknown" : type,
        text.length(),
        line.substring(0, Math.min(60, line.length())));
  }

  /** Reads a document as a library with a memory leak does. */
  public static Text readLeaking(String path) throws IOException, TikaException, SAXException {
    LEAKED.add(new byte[LEAK]);
    return read(path);
  }

  /** An initializer: prepares a child for its first document. */
  public static boolean warmUp() throws IOException, TikaException, SAXException {
    byte[] page = "<html><body><p>warm</p></body></html>".getBytes(StandardCharsets.UTF_8);
    return read(new ByteArrayInputStream(page), new Metadata()).characters() > 0;
  }
}
