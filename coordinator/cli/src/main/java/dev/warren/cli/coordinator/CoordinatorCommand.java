package dev.warren.cli.coordinator;

import dev.warren.cli.doctor.PoolExamination;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.LogOptions;
import dev.warren.cli.kit.PoolOptions;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.StoreOptions;
import dev.warren.cli.options.TokenOption;
import dev.warren.jobs.store.StoreException;
import dev.warren.pool.Pool;
import dev.warren.pool.PoolListener;
import dev.warren.service.ServiceConfig;
import dev.warren.task.TaskOptions;
import dev.warren.worker.config.WorkerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren coordinator}: runs jobs as a service, in the foreground. */
@Command(
    name = "coordinator",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Accepts jobs over HTTP, runs them on the workers of a pool, and keeps them until they are"
          + " deleted (docs/HTTP.md).",
      "",
      "Goes on with the jobs of its store that nobody else coordinates. SIGTERM, SIGHUP or Ctrl-C"
          + " stops it in good order; killed with SIGKILL, it loses nothing. Several coordinators may"
          + " share a store and a pool.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren coordinator",
      "  warren coordinator --app stats.jar --processes 4",
      "  warren coordinator --broker-file broker.uri --pool scores \\",
      "      --listen 0.0.0.0:8765 --token-file token",
      "  curl --data-binary @in.jsonl 'http://127.0.0.1:8765/api/v1/jobs\\",
      "      ?name=nightly&function=com.acme.Stats::score'",
      "",
      "Each option is also read from the environment: --listen from WARREN_LISTEN.",
      "Exit codes: 0 stopped, 2 wrong options, store not usable or port in use, 3 broker"
          + " unreachable, 130 killed by a second Ctrl-C."
    })
public final class CoordinatorCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      converter = ListenAddress.Converter.class,
      description =
          "address of the HTTP API; port 0 for a free one; other addresses than loopback need"
              + " --token-file; default: 127.0.0.1:8765")
  private ListenAddress listen =
      new ListenAddress(ServiceConfig.DEFAULT_HOST, ServiceConfig.DEFAULT_PORT);

  @Mixin private TokenOption token = new TokenOption();

  @Mixin private StoreOptions store = new StoreOptions();

  @Mixin private PoolOptions pool = new PoolOptions();

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description = "how long requests may go on after SIGTERM; default: 10s")
  private Duration grace = ServiceConfig.DEFAULT_GRACE;

  @Mixin private LogOptions log = new LogOptions("info");

  CoordinatorCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    log.start();
    ServiceConfig config = config();
    List<Path> app = pool.app();
    Pool.Builder builder =
        pool.coordinatorBuilder(app, TaskOptions.DEFAULTS, new PoolListener() {});
    try {
      return new CoordinatorRun(config, listen, streams.out())
          .run(builder, new PoolExamination(pool.uri()));
    } catch (StoreException | WorkerException | IOException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private ServiceConfig config() {
    String secret = token.token();
    ServiceConfig.Builder config =
        ServiceConfig.of(store.store()).port(listen.port()).token(secret).grace(grace);
    if (secret == null && !ServiceConfig.isLoopback(listen.host())) {
      throw CommandFailure.usage(
          "--listen "
              + listen
              + " can be reached from other hosts; add --token-file FILE, or listen on 127.0.0.1");
    }
    return config.host(listen.host()).build();
  }
}
