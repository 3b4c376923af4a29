package dev.warren.service.page;

import dev.warren.task.Payload;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpStatus;

/**
 * A file of the page. Browsers keep it but ask each time whether it is still the same, so that the
 * page is never older than the coordinator. Immutable.
 *
 * @param tag identifies the content, compressed or not
 */
record PageFile(String type, Payload content, Payload compressed, String tag) {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=utf-8",
          "js", "text/javascript;charset=utf-8",
          "css", "text/css;charset=utf-8",
          "svg", "image/svg+xml");

  private static final int TAG_LENGTH = 22;

  static PageFile of(String name, byte[] content) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    return new PageFile(
        Objects.requireNonNull(type, name),
        Payload.of(content),
        compress(content),
        "W/\"" + digest(content) + "\"");
  }

  private static Payload compress(byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("an array can always be written to", e);
    }
    return Payload.of(compressed.toByteArray());
  }

  private static String digest(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return Base64.getUrlEncoder().encodeToString(digest).substring(0, TAG_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Answers with the file, or with 304 if the browser has it. */
  void send(Context request) {
    request.header("Cache-Control", "no-cache");
    request.header("ETag", tag);
    request.header("Vary", "Accept-Encoding");
    if (tag.equals(request.header("If-None-Match"))) {
      request.status(HttpStatus.NOT_MODIFIED_304);
      return;
    }
    request.contentType(type);
    if (Objects.requireNonNullElse(request.header("Accept-Encoding"), "").contains("gzip")) {
      request.header("Content-Encoding", "gzip");
      request.result(compressed.toBytes());
    } else {
      request.result(content.toBytes());
    }
  }
}
