package dev.warren.worker.child;

import dev.warren.json.LineBuffer;
import dev.warren.task.Payload;
import dev.warren.wire.FunctionCache;
import dev.warren.worker.child.call.AllowedCode;
import dev.warren.worker.child.call.Arguments;
import dev.warren.worker.child.call.ChildValues;
import dev.warren.worker.child.call.FunctionFinder;
import dev.warren.worker.child.call.TargetMethod;
import dev.warren.worker.child.loop.CallBatch;
import dev.warren.worker.link.CallsHeader;
import java.util.List;
import java.util.Map;

/**
 * Warms up a child before its first call, while it has nothing else to do: runs the path of a call
 * once, with Warren's own functions, so that the first real call does not have to load and link the
 * classes that all calls need. Runs no user code. Stateless.
 */
final class WarmUp {
  private static final int OUTCOME_BYTES = 1000;

  private WarmUp() {}

  /** Warms up the path of plain numbers and text. */
  static void ofScalars() {
    rehearse("scalars", "[1,2.5,true,\"text\"]");
  }

  /** Warms up the path of all other values, which needs the JSON library. */
  static void ofObjects() {
    rehearse("objects", "[[1],{\"a\":[\"b\"]}]");
  }

  private static void rehearse(String method, String args) {
    String function = WarmUp.class.getName() + "::" + method;
    CallsHeader header =
        new CallsHeader(
            1, 0, 1, function, null, false, "rehearsal", "1", 1, 0, 0, false, null, true);
    CallBatch batch = CallBatch.of(header.frame(Payload.of(args)), new FunctionCache());
    AllowedCode all = AllowedCode.of(null, List.of(), List.of());
    ClassLoader loader = WarmUp.class.getClassLoader();
    FunctionFinder own = new FunctionFinder(all, loader, new ChildValues(null, all, loader));
    Payload line = batch.args.get(0);
    TargetMethod callee = own.find(batch.function).select(null, line, true);
    Object result;
    try {
      result = callee.invoke(Arguments.read(callee, null, line, true));
    } catch (Throwable e) {
      throw new IllegalStateException("a function of Warren's own failed", e);
    }
    LineBuffer outcome = new LineBuffer(OUTCOME_BYTES, OUTCOME_BYTES);
    callee.json().write(result, outcome, true);
  }

  static String scalars(int a, double b, boolean c, String d) {
    return a + d + b + c;
  }

  static Map<String, Object> objects(List<Integer> a, Map<String, List<String>> b) {
    return Map.of("a", a, "b", b);
  }
}
