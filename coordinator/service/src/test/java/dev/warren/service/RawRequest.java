package dev.warren.service;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A request with any headers, also those that Java's client refuses to send. */
public final class RawRequest {
  private static final int TIMEOUT_MS = 20_000;

  private RawRequest() {}

  /** An answer. */
  public record Answer(int status, String head, String body) {
    /** The value of a header; empty if there is none. */
    public String header(String name) {
      return head.lines()
          .filter(
              line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .collect(Collectors.joining(", "));
    }
  }

  /** Sends the lines of a request's head, and a body. */
  public static Answer send(int port, String body, String... head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MS);
      String all =
          String.join("\r\n", head)
              + "\r\nConnection: close\r\nContent-Length: "
              + body.getBytes(StandardCharsets.UTF_8).length
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(all.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return read(socket.getInputStream());
    }
  }

  private static Answer read(InputStream in) throws IOException {
    String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    int end = all.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Answer(0, all, "");
    }
    String head = all.substring(0, end);
    List<String> words = List.of(head.split(" ", 3));
    return new Answer(Integer.parseInt(words.get(1)), head, all.substring(end + 4));
  }
}
