package dev.warren.jobs.spec;

import dev.warren.json.Json;
import dev.warren.json.Lines;
import dev.warren.task.Payload;

/** Converts lines of input to the arguments of calls: a JSON array per call. Immutable. */
public final class Arguments {
  private static final Payload OPEN = Payload.of("[");
  private static final Payload CLOSE = Payload.of("]");

  private final LineMode mode;
  private final int arity;

  public Arguments(LineMode mode, int arity) {
    this.mode = mode;
    this.arity = arity;
  }

  /** Converts lines that were checked when they were received. */
  public Lines of(Lines lines) {
    if (arity > 1) {
      return lines;
    }
    Lines.Builder arrays =
        new Lines.Builder(lines.bytes(0, lines.count()) + 3 * lines.count(), lines.count());
    for (int i = 0; i < lines.count(); i++) {
      Payload line = lines.get(i);
      arrays.line().write(OPEN);
      arrays.line().write(mode == LineMode.TEXT ? Json.write(line.text()) : line);
      arrays.line().write(CLOSE);
      arrays.endLine();
    }
    return arrays.build();
  }
}
