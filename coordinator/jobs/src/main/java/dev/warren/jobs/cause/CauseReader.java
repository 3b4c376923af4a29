package dev.warren.jobs.cause;

import dev.warren.jobs.journal.Cause;
import dev.warren.task.RemoteFailure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cause of a failed call: kind, exception class, the top three frames of the
 * application's own code, and the message with its numbers, ids, paths and quoted texts masked.
 * Thread-safe.
 */
public final class CauseReader implements Function<RemoteFailure, Cause> {
  /** Maximum characters of a title. */
  private static final int TITLE = 200;

  private static final int FRAMES = 3;

  private static final int FINGERPRINT_BYTES = 6;

  private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"|`[^`]*`");
  private static final Pattern PATH = Pattern.compile("(?<![\\w.])(?:[A-Za-z]:)?[\\\\/][^\\s,;:]+");
  private static final Pattern ID = Pattern.compile("\\b(?=[\\w-]*\\d)[\\w-]{12,}\\b");
  private static final Pattern NUMBER = Pattern.compile("-?\\d[\\d.,_]*");
  private static final Pattern FRAME = Pattern.compile("^\\s*at ([^(]+)\\(.*");
  private static final Pattern SYNTHETIC = Pattern.compile("\\$\\$?Lambda.*|lambda\\$|\\$\\d+");
  private static final List<String> NOT_OURS =
      List.of(
          "java.", "javax.", "jdk.", "sun.", "com.sun.", "dev.warren.worker.", "dev.warren.json.");

  @Override
  public Cause apply(RemoteFailure failure) {
    return of(failure);
  }

  /** The cause of this failure. */
  public static Cause of(RemoteFailure failure) {
    String message = masked(failure.message());
    StringBuilder key = new StringBuilder(failure.kind().wire());
    key.append('\n').append(failure.type()).append('\n').append(message);
    frames(failure.stack(), key);
    String title = failure.type() + (message.isEmpty() ? "" : ": " + message);
    return new Cause(
        fingerprint(key.toString()),
        failure.kind().wire(),
        title.length() > TITLE ? title.substring(0, TITLE - 1) + "…" : title);
  }

  private static String fingerprint(String key) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha.digest(key.getBytes(StandardCharsets.UTF_8)), 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String masked(@Nullable String message) {
    if (message == null) {
      return "";
    }
    String line = message.lines().findFirst().orElse("");
    line = QUOTED.matcher(line).replaceAll("'…'");
    line = PATH.matcher(line).replaceAll("/…");
    line = ID.matcher(line).replaceAll("#");
    return NUMBER.matcher(line).replaceAll("#");
  }

  private static void frames(@Nullable String stack, StringBuilder key) {
    if (stack == null) {
      return;
    }
    stack
        .lines()
        .map(FRAME::matcher)
        .filter(frame -> frame.matches())
        .map(frame -> frame.group(1))
        .filter(name -> NOT_OURS.stream().noneMatch(name::startsWith))
        .limit(FRAMES)
        .forEach(name -> key.append('\n').append(SYNTHETIC.matcher(name).replaceAll("")));
  }
}
