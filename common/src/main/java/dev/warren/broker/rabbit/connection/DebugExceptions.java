package dev.warren.broker.rabbit.connection;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.ExceptionHandler;
import com.rabbitmq.client.TopologyRecoveryException;
import dev.warren.lifecycle.Logs;
import org.slf4j.Logger;

/**
 * Logs the client's exceptions at debug level and does nothing else: whoever uses a connection sees
 * its end, and logs once what happens next. Called on the client's threads; thread-safe.
 */
final class DebugExceptions implements ExceptionHandler {
  private static final Logger log = Logs.of(DebugExceptions.class);

  @Override
  public void handleUnexpectedConnectionDriverException(Connection connection, Throwable e) {
    log.debug("the client's connection failed", e);
  }

  @Override
  public void handleReturnListenerException(Channel channel, Throwable e) {
    log.debug("a return listener failed", e);
  }

  @Override
  public void handleConfirmListenerException(Channel channel, Throwable e) {
    log.debug("a confirm listener failed", e);
  }

  @Override
  public void handleBlockedListenerException(Connection connection, Throwable e) {
    log.debug("a blocked listener failed", e);
  }

  @Override
  public void handleConsumerException(
      Channel channel, Throwable e, Consumer consumer, String consumerTag, String methodName) {
    log.debug("{} of consumer {} failed", methodName, consumerTag, e);
  }

  // automatic recovery is off

  @Override
  public void handleConnectionRecoveryException(Connection connection, Throwable e) {
    log.debug("recovery failed", e);
  }

  @Override
  public void handleChannelRecoveryException(Channel channel, Throwable e) {
    log.debug("recovery failed", e);
  }

  @Override
  public void handleTopologyRecoveryException(
      Connection connection, Channel channel, TopologyRecoveryException e) {
    log.debug("recovery failed", e);
  }
}
