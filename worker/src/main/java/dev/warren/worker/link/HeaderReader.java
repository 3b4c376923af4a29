package dev.warren.worker.link;

import dev.warren.task.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the headers of frames that a child receives, without a JSON library. Stateless. */
public final class HeaderReader {
  private HeaderReader() {}

  /**
   * Parses a SETUP frame.
   *
   * @throws LinkException if its header is malformed
   */
  public static Setup setup(Frame frame) {
    int version = 0;
    String child = "";
    String host = "";
    String initializer = null;
    String digest = null;
    Payload initArgs = null;
    List<String> appPath = null;
    List<String> functions = List.of();
    List<String> allow = List.of();
    int maxResultBytes = Integer.MAX_VALUE;
    String likely = null;
    String worker = "";
    String json = null;
    HeaderFields fields = HeaderFields.of(frame);
    while (fields.next()) {
      switch (fields.name()) {
        case "version" -> version = fields.intValue();
        case "child" -> child = fields.string();
        case "host" -> host = fields.string();
        case "initializer" -> initializer = fields.text();
        case "initializerDigest" -> digest = fields.text();
        case "initArgs" -> initArgs = fields.any();
        case "appPath" -> appPath = fields.texts();
        case "functions" -> functions = orNone(fields.texts());
        case "allow" -> allow = orNone(fields.texts());
        case "maxResultBytes" -> maxResultBytes = fields.intValue();
        case "likely" -> likely = fields.text();
        case "worker" -> worker = fields.string();
        case "json" -> json = fields.text();
        default -> fields.skip();
      }
    }
    String args = initArgs == null ? null : initArgs.text();
    return new Setup(
        version,
        child,
        host,
        initializer,
        digest,
        args,
        appPath,
        functions,
        allow,
        maxResultBytes,
        likely,
        json,
        worker);
  }

  private static List<String> orNone(@Nullable List<String> texts) {
    return texts == null ? List.of() : texts;
  }

  /**
   * Parses the header of a CALLS frame.
   *
   * @throws LinkException if it is malformed
   */
  public static CallsHeader calls(Frame frame) {
    CallsHeader plain = CallsHeader.ofPlain(frame);
    return plain == null ? anyCalls(frame) : plain;
  }

  private static CallsHeader anyCalls(Frame frame) {
    long task = 0;
    int from = 0;
    int count = 0;
    String fn = "";
    String digest = null;
    boolean captured = false;
    String job = "";
    String calls = "";
    int attempt = 1;
    long softMs = 0;
    long hardMs = 0;
    boolean flushEach = false;
    String retryOn = null;
    boolean strictJson = true;
    HeaderFields fields = HeaderFields.of(frame);
    while (fields.next()) {
      switch (fields.name()) {
        case "task" -> task = fields.longValue();
        case "from" -> from = fields.intValue();
        case "count" -> count = fields.intValue();
        case "fn" -> fn = fields.string();
        case "digest" -> digest = fields.text();
        case "captured" -> captured = fields.flag();
        case "job" -> job = fields.string();
        case "calls" -> calls = fields.string();
        case "attempt" -> attempt = fields.intValue();
        case "softMs" -> softMs = fields.longValue();
        case "hardMs" -> hardMs = fields.longValue();
        case "flushEach" -> flushEach = fields.flag();
        case "retryOn" -> retryOn = fields.text();
        case "strictJson" -> strictJson = fields.flag();
        default -> fields.skip();
      }
    }
    return new CallsHeader(
        task,
        from,
        count,
        fn,
        digest,
        captured,
        job,
        calls,
        attempt,
        softMs,
        hardMs,
        flushEach,
        retryOn,
        strictJson);
  }

  /**
   * Parses an INTERRUPT frame.
   *
   * @throws LinkException if its header is malformed
   */
  public static CallMark mark(Frame frame) {
    long task = 0;
    int index = 0;
    HeaderFields fields = HeaderFields.of(frame);
    while (fields.next()) {
      switch (fields.name()) {
        case "task" -> task = fields.longValue();
        case "index" -> index = fields.intValue();
        default -> fields.skip();
      }
    }
    return new CallMark(task, index, 0);
  }
}
