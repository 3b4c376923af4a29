package dev.warren.jobs;

import dev.warren.jobs.spec.InputLines;
import dev.warren.task.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The lines of a job's input, read once. Confined to one thread. */
@FunctionalInterface
public interface JobInput {
  /** Returns the next line, without its line end; null at the end. */
  @Nullable Payload next() throws IOException;

  /** The lines of a stream, which is not closed. */
  static JobInput of(InputStream stream) {
    return new InputLines(stream)::next;
  }

  /** The lines of an iterator. */
  static JobInput of(Iterator<Payload> lines) {
    return () -> lines.hasNext() ? lines.next() : null;
  }
}
