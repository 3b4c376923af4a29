package dev.warren.jobs.store.sql;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.database.Database;
import dev.warren.json.Lines;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a job's input. It keeps the block that was read last, because most callers read one piece
 * after another. Thread-safe.
 */
final class InputReader {
  private final Database database;
  private final String job;

  @GuardedBy("this")
  private InputRows.@Nullable Block last;

  InputReader(Database database, String job) {
    this.database = database;
    this.job = job;
  }

  /** Returns {@code count} lines from line {@code first}. */
  synchronized Lines read(long first, int count) {
    List<Lines> parts = new ArrayList<>();
    long end = first + count;
    for (long at = first; at < end; ) {
      InputRows.Block block = blockWith(at);
      int from = (int) (at - block.first());
      int to = (int) Math.min(end - block.first(), block.lines().count());
      parts.add(block.lines().slice(from, to));
      at = block.first() + to;
    }
    return parts.isEmpty() ? Lines.NONE : Lines.concat(parts);
  }

  @GuardedBy("this")
  private InputRows.Block blockWith(long line) {
    InputRows.Block block = last;
    if (block == null || line < block.first() || line >= block.end()) {
      block =
          database
              .read("read the input", session -> InputRows.blockWith(session, job, line))
              .orElse(null);
      if (block == null || line >= block.end()) {
        throw new StoreException(
            "line " + line + " of job " + job + " is missing in " + database.place(), null);
      }
      last = block;
    }
    return block;
  }
}
