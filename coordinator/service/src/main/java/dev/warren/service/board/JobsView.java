package dev.warren.service.board;

import dev.warren.service.live.Sections;
import dev.warren.service.live.View;

/** The newest jobs of the pool. */
final class JobsView implements View {
  private static final int JOBS = 200;

  private final Board board;

  JobsView(Board board) {
    this.board = board;
  }

  @Override
  public void describe(Sections sections) {
    board.common(sections);
    sections.put(
        "jobs", board.newest(JOBS).stream().map(job -> JobSummary.of(job, board.jobs())).toList());
  }
}
