package dev.warren.worker.link;

import dev.warren.task.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header of a SETUP frame: everything a child must know before its first call. Immutable.
 *
 * @param version protocol version
 * @param child the child's name, for messages: {@code w-3f2a-7}
 * @param host host name, for messages
 * @param initializer function to run once, {@code class::method(descriptor)}; null for none
 * @param initializerDigest digest of its class file; null for none
 * @param initArgs its arguments, the JSON array as it was received; null for none
 * @param appPath files and folders whose classes may be called; null if everything may be called
 * @param functions patterns such as {@code com.acme.**} that narrow {@code appPath}; empty for all
 *     of it
 * @param allow patterns such as {@code java.lang.Math::*} of additional functions that may be
 *     called; for a child in another language, of all functions that may be called, {@code **} for
 *     everything
 * @param maxResultBytes maximum bytes of an outcome line
 * @param likely a hint for children in Java: the function that the first call will probably use, to
 *     be looked up in advance; null if unknown, and for children in other languages
 * @param json class that supplies the mapper of arguments and results; null for Warren's own
 * @param worker name of the worker, as in its heartbeats
 */
public record Setup(
    int version,
    String child,
    String host,
    @Nullable String initializer,
    @Nullable String initializerDigest,
    @Nullable Payload initArgs,
    @Nullable List<String> appPath,
    List<String> functions,
    List<String> allow,
    int maxResultBytes,
    @Nullable String likely,
    @Nullable String json,
    String worker) {
  private static final HeaderFormat FORMAT =
      new HeaderFormat(
          "version",
          "child",
          "host",
          "initializer",
          "initializerDigest",
          "initArgs",
          "appPath",
          "functions",
          "allow",
          "maxResultBytes",
          "likely",
          "json",
          "worker");

  /**
   * Parses the header of a SETUP frame.
   *
   * @throws LinkException if it is malformed
   */
  public static Setup read(Frame frame) {
    HeaderReader header = FORMAT.read(frame);
    return new Setup(
        header.smallNumber(),
        header.text(),
        header.text(),
        header.textOrNull(),
        header.textOrNull(),
        header.array(),
        header.texts(),
        orNone(header.texts()),
        orNone(header.texts()),
        header.smallNumber(Integer.MAX_VALUE),
        header.textOrNull(),
        header.textOrNull(),
        header.text());
  }

  private static List<String> orNone(@Nullable List<String> texts) {
    return texts == null ? List.of() : texts;
  }

  public Frame frame() {
    return FORMAT
        .write()
        .number(version)
        .text(child)
        .text(host)
        .text(initializer)
        .text(initializerDigest)
        .json(initArgs)
        .texts(appPath)
        .texts(functions)
        .texts(allow)
        .number(maxResultBytes)
        .text(likely)
        .text(json)
        .text(worker)
        .frame(FrameType.SETUP);
  }
}
