package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.InputDigest;
import dev.warren.jobs.store.database.Session;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.sql.SQLException;
import java.util.Optional;

/** The statements on the tables of a job's input. Stateless. */
final class InputRows {
  private InputRows() {}

  /**
   * Lines of input that are stored together.
   *
   * @param seq position among the blocks, from 0
   * @param first number of the first line
   */
  record Block(long seq, long first, Lines lines) {
    long end() {
      return first + lines.count();
    }
  }

  static void insert(Session session, String job, long seq, long first, int count, byte[] body)
      throws SQLException {
    session.update(
        "insert into input_block (job, seq, first, count, body) values (?, ?, ?, ?, ?)",
        job,
        seq,
        first,
        (long) count,
        body);
  }

  /** Returns the block with this line. */
  static Optional<Block> blockWith(Session session, String job, long line) throws SQLException {
    return session.first(
        """
        select seq, first, count, body from input_block
        where job = ? and first <= ? order by first desc limit 1""",
        row ->
            new Block(
                row.getLong(1), row.getLong(2), BlockCodec.decode(row.getBytes(4), row.getInt(3))),
        job,
        line);
  }

  /** Removes blocks of an append that was not accepted; returns the next block's position. */
  static long cutAt(Session session, String job, long lines) throws SQLException {
    session.update("delete from input_block where job = ? and first >= ?", job, lines);
    return session
        .first(
            "select coalesce(max(seq) + 1, 0) from input_block where job = ?",
            row -> row.getLong(1),
            job)
        .orElse(0L);
  }

  static void setDigest(Session session, String job, Payload blocks) throws SQLException {
    session.update("delete from input_digest where job = ?", job);
    session.update("insert into input_digest (job, body) values (?, ?)", job, blocks.toBytes());
  }

  static Optional<InputDigest> digest(Session session, String job) throws SQLException {
    return session.first(
        """
        select job.calls, input_digest.body from job join input_digest on input_digest.job = job.id
        where job.id = ?""",
        row -> new InputDigest(row.getLong(1), Payload.of(row.getBytes(2))),
        job);
  }
}
