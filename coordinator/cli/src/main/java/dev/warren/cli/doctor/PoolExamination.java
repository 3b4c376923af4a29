package dev.warren.cli.doctor;

import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.service.operate.Examination;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Examines a pool's broker, its workers and this host for the page of a coordinator. Opens a
 * connection for each examination, as the command does. Thread-safe.
 */
public final class PoolExamination implements Examination {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LISTEN = Duration.ofSeconds(2);

  private final BrokerUri uri;

  /** Prepares the examination of the pool of this URI. */
  public PoolExamination(BrokerUri uri) {
    this.uri = uri;
  }

  @Override
  public List<Finding> examine() throws InterruptedException {
    Report report = new Report();
    if (!uri.isLocal()) {
      lookAtBroker(uri, report, CONNECT_TIMEOUT, LISTEN);
    }
    new HostChecks(report, Path.of("/")).look();
    return report.findings().stream()
        .map(
            finding ->
                new Finding(
                    level(finding.level()), finding.check(), finding.text(), finding.remedy()))
        .toList();
  }

  private static Level level(Report.Level level) {
    return switch (level) {
      case OK -> Level.OK;
      case NOTE -> Level.NOTE;
      case WARNING -> Level.WARNING;
      case PROBLEM -> Level.PROBLEM;
    };
  }

  /** Adds what is found of the broker and its workers; returns false if it cannot be reached. */
  static boolean lookAtBroker(BrokerUri uri, Report report, Duration connect, Duration listen)
      throws InterruptedException {
    try (RabbitBroker broker = RabbitBroker.open(uri, "warren doctor", connect)) {
      new BrokerChecks(report, broker, uri).look();
      new WorkerChecks(report, broker, uri.pool()).look(listen);
      return true;
    } catch (BrokerException e) {
      String text = String.valueOf(e.getMessage());
      report.problem(
          "broker",
          text,
          e.isRefusal()
              ? "check user, password and vhost of --broker"
              : "check --broker, that RabbitMQ is running there, and the network");
      return false;
    }
  }
}
