package dev.warren.worker.supervise;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Plays the children of a rig at random, within the protocol and, unless they are to be
 * well-behaved, slightly beyond it: they answer, fail, refuse, die and write garbage.
 */
public final class RandomChildren {
  private final SupervisorRig rig;
  private final Random random;
  private final Map<FakeChild, Deque<Held>> held = new HashMap<>();

  /** Calls {@code next} to {@code to} (exclusive) of one frame. */
  private static final class Held {
    private final long task;
    private int next;
    private int to;

    Held(CallsHeader header) {
      this.task = header.task();
      this.next = header.from();
      this.to = header.from() + header.count();
    }
  }

  public RandomChildren(SupervisorRig rig, Random random) {
    this.rig = rig;
    this.random = random;
  }

  /** Each child does something or nothing. */
  public void act(boolean wellBehaved) {
    for (FakeChild child : List.copyOf(rig.children())) {
      if (!child.exit().isDone()) {
        act(child, wellBehaved);
      }
    }
  }

  private void act(FakeChild child, boolean wellBehaved) {
    if (child.kills() > 0) {
      child.exits(137);
      return;
    }
    if (!child.connected()) {
      child.connect(random.nextBoolean());
      return;
    }
    Deque<Held> calls = held.computeIfAbsent(child, any -> new ArrayDeque<>());
    if (hear(child, calls) || child.linkEnded()) {
      child.exits(0);
    } else if (wellBehaved) {
      answer(child, calls, 100);
    } else {
      misbehave(child, calls, random.nextInt(20));
    }
  }

  private void misbehave(FakeChild child, Deque<Held> calls, int choice) {
    if (choice == 0) {
      child.exits(137);
    } else if (choice == 1) {
      child.sendBytes("garbage!");
    } else if (choice < 5 && !calls.isEmpty()) {
      child.running(calls.element().task, calls.element().next, random.nextInt(20_000));
    } else if (choice < 16) {
      answer(child, calls, random.nextInt(4));
    }
  }

  /** Handles the frames that have arrived; returns whether the child must leave. */
  private boolean hear(FakeChild child, Deque<Held> calls) {
    boolean quit = false;
    for (Iterator<Frame> frames = child.received().iterator(); frames.hasNext(); ) {
      Frame frame = frames.next();
      frames.remove();
      switch (frame.type()) {
        case SETUP -> child.ready();
        case CALLS -> calls.add(new Held(CallsHeader.read(frame)));
        case WITHDRAW -> giveBack(child, calls);
        case QUIT -> quit = true;
        default -> {}
      }
    }
    return quit;
  }

  /** Returns all calls but the running one, the latest first. */
  private static void giveBack(FakeChild child, Deque<Held> calls) {
    for (Iterator<Held> last = calls.descendingIterator(); last.hasNext(); ) {
      Held each = last.next();
      int from = each == calls.peekFirst() ? each.next + 1 : each.next;
      if (from < each.to) {
        child.returned(each.task, from, each.to - from);
        each.to = from;
      }
      if (each.next >= each.to) {
        last.remove();
      }
    }
  }

  private void answer(FakeChild child, Deque<Held> calls, int max) {
    for (int i = 0; i < max && !calls.isEmpty(); i++) {
      Held first = calls.element();
      child.outcomes(first.task, first.next, 1, random.nextInt(3000), line());
      if (++first.next == first.to) {
        calls.remove();
      }
    }
  }

  private String line() {
    return switch (random.nextInt(12)) {
      case 0 -> "no outcome at all";
      case 1 -> OutcomeLine.of(RemoteFailure.refusedHere("no class", 1)).text();
      case 2 -> OutcomeLine.of(RemoteFailure.of(FailureKind.FAILED, "final", 1)).text();
      case 3 -> "{\"error\":{\"kind\":\"failed\",\"retryable\":true}}";
      default -> "{\"value\":1}";
    };
  }
}
