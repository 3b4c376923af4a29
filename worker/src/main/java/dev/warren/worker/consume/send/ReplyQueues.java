package dev.warren.worker.consume.send;

import dev.warren.broker.PoolNames;
import dev.warren.wire.WireFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The queues to which outcomes may be published: owners' results queues, RabbitMQ's direct
 * reply-to, and those that the worker's operator allows. Whoever may publish a task can name any
 * reply queue, and must not write to other queues with the worker's permissions. Immutable.
 */
public final class ReplyQueues {
  private static final List<String> ALWAYS =
      List.of(PoolNames.results("*"), "amq.rabbitmq.reply-to.*");

  private final List<Pattern> patterns = new ArrayList<>();
  // the next task usually has the same owner
  private @Nullable String lastAllowed;

  /**
   * Creates the set of allowed queues.
   *
   * @param more names of additional queues, in which {@code *} matches any characters
   */
  public ReplyQueues(List<String> more) {
    ALWAYS.forEach(this::add);
    more.forEach(this::add);
  }

  private void add(String pattern) {
    String regex =
        Pattern.compile("\\*")
            .splitAsStream(pattern + " ")
            .map(part -> Pattern.quote(part.stripTrailing()))
            .collect(Collectors.joining(".*"));
    patterns.add(Pattern.compile(regex, Pattern.DOTALL));
  }

  /** Whether outcomes may be published to a queue; null (no outcomes wanted) is allowed. */
  public boolean allows(@Nullable String queue) {
    if (queue == null || queue.equals(lastAllowed)) {
      return true;
    }
    boolean allowed = patterns.stream().anyMatch(pattern -> pattern.matcher(queue).matches());
    if (allowed) {
      lastAllowed = queue;
    }
    return allowed;
  }

  /**
   * Checks a task's reply queue.
   *
   * @throws WireFormatException if outcomes may not be published to it
   */
  public void check(@Nullable String replyTo) {
    if (!allows(replyTo)) {
      throw new WireFormatException(
          "property reply_to is '"
              + replyTo
              + "'; must match "
              + String.join(", ", ALWAYS)
              + " or the worker's --reply-to");
    }
  }
}
