package dev.warren.jobs.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.progress.BatchMap.End;
import org.junit.jupiter.api.Test;

/** The picture of all calls of a job. */
class BatchMapTest {
  @Test
  void small_job_has_a_cell_per_call() {
    BatchMap map = new BatchMap(8);
    map.published(0, 6);
    map.ended(0, End.SUCCEEDED);
    map.ended(1, End.SUCCEEDED);
    map.ended(2, End.FAILED);
    map.ended(3, End.CANCELLED);
    map.running(new long[] {4, 99, -1});
    assertThat(map.cells()).isEqualTo(8);
    assertThat(map.block(0)).isEqualTo("k2fcrqu2");
  }

  @Test
  void cell_of_several_calls_has_the_worst_of_their_states() {
    BatchMap map = new BatchMap(300_000);
    assertThat(map.cells()).isEqualTo(100_000);
    assertThat(map.callsPerCell()).isEqualTo(3);
    map.published(0, 9);
    map.ended(0, End.SUCCEEDED);
    map.ended(3, End.SUCCEEDED);
    map.ended(4, End.SUCCEEDED);
    map.ended(5, End.SUCCEEDED);
    map.ended(6, End.SUCCEEDED);
    map.ended(7, End.FAILED);
    assertThat(map.block(0)).isEqualTo("qkfu509");
    assertThat(map.blocks()).isEqualTo(196);
    assertThat(map.block(195)).isEqualTo("u160");
  }

  @Test
  void last_cell_may_stand_for_fewer_calls() {
    BatchMap map = new BatchMap(200_001);
    assertThat(map.callsPerCell()).isEqualTo(3);
    map.ended(199_998, End.SUCCEEDED);
    map.ended(199_999, End.SUCCEEDED);
    map.ended(200_000, End.SUCCEEDED);
    assertThat(map.block(map.blocks() - 1)).endsWith("k");
    BatchMap short1 = new BatchMap(100_001);
    short1.ended(100_000, End.SUCCEEDED);
    assertThat(short1.block(short1.blocks() - 1)).endsWith("k");
  }

  @Test
  void retried_call_is_unread_until_it_is_published_again() {
    BatchMap map = new BatchMap(3);
    map.published(0, 3);
    map.ended(1, End.FAILED);
    assertThat(map.unread()).isZero();
    map.reset(1);
    assertThat(map.block(0)).isEqualTo("quq");
    assertThat(map.unread()).isEqualTo(1);
    map.published(1, 2);
    map.ended(1, End.SUCCEEDED);
    assertThat(map.block(0)).isEqualTo("qkq");
  }

  @Test
  void calls_appended_after_the_picture_was_begun_are_ignored() {
    BatchMap map = new BatchMap(3);
    map.published(0, 5);
    map.ended(3, End.FAILED);
    map.reset(4);
    assertThat(map.block(0)).isEqualTo("q3");
    assertThat(map.unread()).isZero();
  }

  @Test
  void second_outcome_of_a_call_changes_nothing() {
    BatchMap map = new BatchMap(1);
    map.ended(0, End.SUCCEEDED);
    map.ended(0, End.FAILED);
    map.ended(7, End.FAILED);
    assertThat(map.block(0)).isEqualTo("k");
  }
}
