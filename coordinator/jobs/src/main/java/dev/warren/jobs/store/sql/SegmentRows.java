package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.database.Database;
import dev.warren.jobs.store.database.Session;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements on the table {@code segment}. Stateless. */
final class SegmentRows {
  /** Maximum of a page, to which the last segment is added. */
  private static final long PAGE_BYTES = 4 << 20;

  private static final long PAGE_ROWS = 1000;

  private SegmentRows() {}

  static void insert(Session session, String job, long firstSeq, List<Segment> segments)
      throws SQLException {
    if (segments.isEmpty()) {
      return;
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Segment segment : segments) {
      Span span = new Span();
      segment.calls().forEachRange(span::include);
      rows.add(
          new @Nullable Object[] {
            job,
            firstSeq + rows.size(),
            (long) segment.kind().code(),
            span.first,
            span.last,
            (long) segment.calls().count(),
            CallRangesCodec.encode(segment.calls()),
            segment.body().toBytes()
          });
    }
    session.batch(
        """
        insert into segment (job, seq, kind, first, last, count, calls, body, written)
        values (?, ?, ?, ?, ?, ?, ?, ?, {now})""",
        rows);
  }

  /** The smallest and the largest index. */
  private static final class Span {
    private long first = Long.MAX_VALUE;
    private long last = -1;

    void include(long low, long high) {
      first = Math.min(first, CallNumber.index(low));
      last = Math.max(last, CallNumber.index(high));
    }
  }

  /**
   * Segments to read.
   *
   * @param condition on a row's kind and calls
   * @param parameters of the condition
   */
  record Selection(String condition, List<Object> parameters) {
    static Selection ofKinds(Set<Segment.Kind> kinds) {
      String codes =
          kinds.stream()
              .map(kind -> Integer.toString(kind.code()))
              .sorted()
              .collect(Collectors.joining(", "));
      return new Selection("kind in (" + (codes.isEmpty() ? "0" : codes) + ")", List.of());
    }

    static Selection ofOutcomes(long first, long last) {
      return new Selection(
          "kind = " + Segment.Kind.OUTCOMES.code() + " and first <= ? and last >= ?",
          List.of(last, first));
    }

    static Selection ofLines(long first, long last) {
      return new Selection("first <= ? and last >= ?", List.of(last, first));
    }
  }

  /**
   * Passes the segments to the visitor in order, a few at a time, so that nothing is locked while
   * the visitor runs.
   */
  static void visit(
      Database database,
      String job,
      long fromSeq,
      Selection selection,
      StoredJob.HistoryVisitor visitor) {
    List<Written> page;
    long from = fromSeq;
    do {
      long start = from;
      page = database.read("read", session -> page(session, job, start, selection));
      page.forEach(row -> visitor.segment(row.segment, row.atMillis));
      from = page.isEmpty() ? from : page.get(page.size() - 1).segment.seq() + 1;
    } while (!page.isEmpty());
  }

  /** A segment and when it was written. */
  private record Written(Segment segment, long atMillis) {}

  /** Passes the calls of segments to the visitor in order. */
  static void visitCalls(
      Database database, String job, long fromSeq, StoredJob.CallsVisitor visitor) {
    List<Segment> page;
    long from = fromSeq;
    do {
      long start = from;
      page =
          database.read(
              "read",
              session ->
                  session.all(
                      "select seq, kind, calls from segment where job = ? and seq >= ? order by seq"
                          + " limit ?",
                      SegmentRows::readCalls,
                      job,
                      start,
                      PAGE_ROWS));
      page.forEach(row -> visitor.segment(row.seq(), row.kind(), row.calls()));
      from = page.isEmpty() ? from : page.get(page.size() - 1).seq() + 1;
    } while (page.size() == PAGE_ROWS);
  }

  private static Segment readCalls(ResultSet row) throws SQLException {
    CallRanges calls = CallRangesCodec.decode(row.getBytes(3));
    return new Segment(row.getLong(1), Segment.Kind.ofCode(row.getInt(2)), calls, Payload.EMPTY);
  }

  private static List<Written> page(Session session, String job, long from, Selection selection)
      throws SQLException {
    String where = " from segment where job = ? and seq >= ? and " + selection.condition();
    List<Object> parameters = new ArrayList<>(List.of(job, from));
    parameters.addAll(selection.parameters());
    List<Object> limited = new ArrayList<>(parameters);
    limited.add(PAGE_ROWS);
    List<long[]> sizes =
        session.all(
            "select seq, length(body)" + where + " order by seq limit ?",
            row -> new long[] {row.getLong(1), row.getLong(2)},
            limited.toArray());
    if (sizes.isEmpty()) {
      return List.of();
    }
    parameters.add(lastOfPage(sizes));
    return session.all(
        "select seq, kind, calls, body, written" + where + " and seq <= ? order by seq",
        SegmentRows::read,
        parameters.toArray());
  }

  private static long lastOfPage(List<long[]> sizes) {
    long last = 0;
    long bytes = 0;
    for (long[] size : sizes) {
      last = size[0];
      bytes += size[1];
      if (bytes >= PAGE_BYTES) {
        break;
      }
    }
    return last;
  }

  private static Written read(ResultSet row) throws SQLException {
    CallRanges calls = CallRangesCodec.decode(row.getBytes(3));
    Payload body = Payload.of(row.getBytes(4));
    return new Written(
        new Segment(row.getLong(1), Segment.Kind.ofCode(row.getInt(2)), calls, body),
        row.getLong(5));
  }
}
