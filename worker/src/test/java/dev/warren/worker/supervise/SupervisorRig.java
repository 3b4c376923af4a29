package dev.warren.worker.supervise;

import dev.warren.testkit.ManualLoop;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.config.WorkerEvent;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.FrameType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A supervisor on a loop stepped by the test, with children played by the test: no process, no
 * thread, no real time.
 */
public final class SupervisorRig implements AutoCloseable {
  public static final int MAX_RESULT_BYTES = 1 << 20;

  public final ManualLoop loop;
  public final Supervisor supervisor;

  /** The worker's events, one line each: {@code lost w-1 …}. */
  public final List<String> told = new ArrayList<>();

  FakeHost host;

  public SupervisorRig(WorkerConfig.Builder config) {
    this(config, new ManualLoop());
  }

  public SupervisorRig(WorkerConfig.Builder config, ManualLoop loop) {
    this.loop = loop;
    try {
      supervisor =
          Supervisor.start(
              config.build(),
              loop,
              this::tell,
              MAX_RESULT_BYTES,
              links -> {
                host = new FakeHost(links);
                return host;
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Slots without spares. */
  public static WorkerConfig.Builder slots(int slots) {
    return WorkerConfig.builder().processes(slots).spares(0);
  }

  /** All children ever started, the first one first. */
  public List<FakeChild> children() {
    return host.children;
  }

  public FakeChild child(int number) {
    return host.children.get(number);
  }

  /** Runs rounds until nothing is posted, and two more, so that all links are read and answered. */
  public void settle() {
    loop.settle();
    loop.settle();
    loop.settle();
  }

  /** Connects every started child, and makes those with a SETUP ready. */
  public void startChildren() {
    settle();
    for (FakeChild child : List.copyOf(host.children)) {
      if (!child.connected() && !child.exit().isDone()) {
        child.connect();
      }
    }
    settle();
    for (FakeChild child : host.children) {
      child
          .received()
          .removeIf(
              frame -> {
                boolean setup = frame.type() == FrameType.SETUP;
                if (setup) {
                  child.ready();
                }
                return setup;
              });
    }
    settle();
  }

  /** Submits the work and makes children for it ready; they have its calls then. */
  public FakeWork submit(FakeWork work) {
    supervisor.submit(work);
    startChildren();
    return work;
  }

  /** A child reports that a call of its first task has been running for some time. */
  public void runs(int child, int index, long ranMicros) {
    child(child).running(firstTask(child), index, ranMicros);
    settle();
  }

  /** A child returns unanswered calls of its first task. */
  public void givesBack(int child, int from, int count) {
    child(child).returned(firstTask(child), from, count);
    settle();
  }

  private long firstTask(int child) {
    return child(child).received().stream()
        .filter(frame -> frame.type() == FrameType.CALLS)
        .map(CallsHeader::read)
        .findFirst()
        .orElseThrow()
        .task();
  }

  @Override
  public void close() throws IOException {
    supervisor.close();
    loop.close();
  }

  private void tell(WorkerEvent event) {
    String child = event.child();
    if (event instanceof WorkerEvent.ChildStarted) {
      told.add("started " + child);
    } else if (event instanceof WorkerEvent.ChildReady) {
      told.add("ready " + child);
    } else if (event instanceof WorkerEvent.ChildRecycled recycled) {
      told.add("recycled " + child + " " + recycled.reason() + " " + recycled.text());
    } else if (event instanceof WorkerEvent.ChildLost lost) {
      told.add("lost " + child + " " + lost.evidence().message());
    } else if (event instanceof WorkerEvent.CallRunning running) {
      told.add("running " + child + " " + running.job() + "/" + running.call());
    } else if (event instanceof WorkerEvent.CallProgress progress) {
      told.add(
          "progress "
              + child
              + " "
              + progress.job()
              + "/"
              + progress.call()
              + " "
              + progress.done());
    }
  }
}
