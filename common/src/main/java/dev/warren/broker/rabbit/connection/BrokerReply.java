package dev.warren.broker.rabbit.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ChannelContinuationTimeoutException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerLimit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Describes in one short line what the broker replied about an object. Equal causes have equal
 * texts, without numbers of channels or processes, so that a cause can be logged once. Stateless.
 */
public final class BrokerReply {
  /** Start of RabbitMQ's reply for a queue that does not exist. */
  static final String NO_QUEUE = "NOT_FOUND - no queue ";

  /**
   * Start of the reply for an object that does not exist. A queue whose node is down also gets
   * NOT_FOUND, with another text in each version, or no reply at all.
   */
  private static final String NONE = "NOT_FOUND - no ";

  private static final String AWAY = "not available now; its node may be down";

  private BrokerReply() {}

  /** Describes what the broker said about {@code what}, with a remedy. */
  public static BrokerException refusal(String what, Exception e) {
    return new BrokerException("broker: " + what + ": " + text(e), e);
  }

  private static String text(Exception e) {
    if (timedOut(e)) {
      return AWAY;
    }
    Method reason = RabbitConnector.reason(e);
    if (reason instanceof AMQP.Channel.Close close) {
      if (isAway(close)) {
        return AWAY;
      }
      String limit = BrokerLimit.remedy(close.getReplyText());
      return firstSentence(close.getReplyText()) + (!limit.isEmpty() ? limit : advice(close));
    }
    ShutdownSignalException signal = signal(e);
    if (signal != null) {
      return RabbitConnector.text(signal);
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Whether another connection owns the queue, or its node is down. */
  static boolean isTaken(Exception e) {
    return RabbitConnector.reason(e) instanceof AMQP.Channel.Close close
        && (close.getReplyCode() == AMQP.RESOURCE_LOCKED || isAway(close));
  }

  /** Whether the object exists and cannot be used at present. */
  private static boolean isAway(AMQP.Channel.Close close) {
    return close.getReplyCode() == AMQP.NOT_FOUND && !close.getReplyText().startsWith(NONE);
  }

  private static boolean timedOut(Exception e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ChannelContinuationTimeoutException || t instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable ShutdownSignalException signal(Exception e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ShutdownSignalException signal) {
        return signal;
      }
    }
    return null;
  }

  private static String firstSentence(String replyText) {
    int end = replyText.indexOf(". ");
    return end < 0 ? replyText : replyText.substring(0, end);
  }

  private static String advice(AMQP.Channel.Close close) {
    return switch (close.getReplyCode()) {
      case AMQP.ACCESS_REFUSED ->
          "; grant the user configure, write and read on '^(warren\\..*|amq\\.default)$'"
              + " (rabbitmqctl set_permissions)";
      case AMQP.PRECONDITION_FAILED ->
          "; it exists with other arguments: delete it once it is empty, or choose another"
              + " pool name";
      case AMQP.RESOURCE_LOCKED -> "; another connection owns it";
      default -> "";
    };
  }
}
