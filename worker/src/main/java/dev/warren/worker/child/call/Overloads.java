package dev.warren.worker.child.call;

import dev.warren.task.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The methods that a name may mean: a single one if the caller sent a signature or there are no
 * overloads. Immutable.
 */
public final class Overloads {
  private final List<TargetMethod> candidates;

  Overloads(List<TargetMethod> candidates) {
    this.candidates = List.copyOf(candidates);
  }

  /** Whether arguments or a result need the JSON library. */
  public boolean needJson() {
    // a loop: the first lambda of a process costs about 20 ms
    for (TargetMethod candidate : candidates) {
      if (candidate.json().needsJackson()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Selects the method that accepts a call's arguments.
   *
   * @throws Rejection if none or several do
   */
  public TargetMethod select(@Nullable Payload captured, Payload line, boolean strictly) {
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    int count = Arguments.count(captured) + Arguments.count(line);
    List<TargetMethod> fitting = new ArrayList<>();
    for (TargetMethod candidate : candidates) {
      if (candidate.arity() == count) {
        fitting.add(candidate);
      }
    }
    if (fitting.isEmpty()) {
      throw new Rejection(
          candidates.get(0).name()
              + " does not accept "
              + Arguments.counted(count)
              + "; there is "
              + list(candidates));
    }
    return fitting.size() == 1 ? fitting.get(0) : convertible(fitting, captured, line, strictly);
  }

  private static TargetMethod convertible(
      List<TargetMethod> fitting, @Nullable Payload captured, Payload line, boolean strictly) {
    List<TargetMethod> matching = new ArrayList<>();
    for (TargetMethod candidate : fitting) {
      if (Arguments.fit(candidate, captured, line, strictly)) {
        matching.add(candidate);
      }
    }
    if (matching.isEmpty()) {
      throw new Rejection(
          "arguments " + Arguments.cut(line) + " cannot be converted for any of " + list(fitting));
    }
    if (matching.size() > 1) {
      throw new Rejection(
          matching.get(0).name()
              + " is ambiguous, these accept the arguments: "
              + list(matching)
              + "; select one by its descriptor, as in java.lang.Math::abs(I)I");
    }
    return matching.get(0);
  }

  private static String list(List<TargetMethod> callees) {
    StringJoiner text = new StringJoiner(", ");
    for (TargetMethod callee : callees) {
      text.add(callee.signature());
    }
    return text.toString();
  }
}
