package dev.warren.cli.explain;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.timeline.CallQuestion;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a user names a call. Immutable.
 *
 * @param text as given
 * @param job name of its durable job; null if it is named by an id
 * @param index index in that job
 * @param question what to ask workers if it is named by an id; null for a call of a durable job
 */
record CallName(String text, @Nullable String job, long index, @Nullable CallQuestion question) {
  private static final Pattern OF_JOB = Pattern.compile("([A-Za-z0-9._-]{1,100}):(\\d{1,18})");
  private static final Pattern OF_LOG = Pattern.compile("(\\S{1,200})/(\\d{1,18})");
  private static final int LONGEST = 255;

  /**
   * Reads a name: {@code JOB:INDEX}, {@code id/number} as in logs, or the id of a message.
   *
   * @throws CommandFailure if it is none of them
   */
  static CallName parse(String text) {
    Matcher ofJob = OF_JOB.matcher(text);
    if (ofJob.matches()) {
      return new CallName(text, ofJob.group(1), Long.parseLong(ofJob.group(2)), null);
    }
    Matcher ofLog = OF_LOG.matcher(text);
    if (ofLog.matches()) {
      List<Long> number = List.of(Long.parseLong(ofLog.group(2)));
      return new CallName(text, null, 0, CallQuestion.ofJob(ofLog.group(1), number));
    }
    if (text.isBlank() || text.length() > LONGEST) {
      throw CommandFailure.usage(
          "CALL is '"
              + text
              + "'; must be JOB:INDEX, such as nightly:17, or the id of a call or message");
    }
    return new CallName(text, null, 0, CallQuestion.ofMessage(text));
  }
}
