package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static List<String> texts(Lines lines) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < lines.count(); i++) {
      texts.add(lines.get(i).text());
    }
    return texts;
  }

  @Test
  void any_lines_are_cut_where_they_were_joined() {
    Random random = new Random(3);
    for (int round = 0; round < 500; round++) {
      List<String> wanted = new ArrayList<>();
      for (int i = 0, n = 1 + random.nextInt(40); i < n; i++) {
        wanted.add("[" + "ü".repeat(random.nextInt(20)) + i + "]");
      }
      String text = String.join("\n", wanted) + (random.nextBoolean() ? "\n" : "");
      byte[] padded = ("xx\n" + text + "\nyy").getBytes(java.nio.charset.StandardCharsets.UTF_8);
      Lines lines = Lines.split(Payload.of(padded, 3, padded.length - 6));
      assertThat(texts(lines)).isEqualTo(wanted);
      int from = random.nextInt(wanted.size());
      int to = from + random.nextInt(wanted.size() - from + 1);
      Payload run = lines.run(from, to);
      assertThat(run.text()).isEqualTo(String.join("\n", wanted.subList(from, to)));
      assertThat(lines.bytes(from, to)).isEqualTo(run.length());
      assertThat(texts(lines.from(from))).isEqualTo(wanted.subList(from, wanted.size()));
    }
  }

  @Test
  void no_bytes_are_no_lines_and_an_empty_line_in_between_is_one() {
    assertThat(Lines.split(Payload.EMPTY).count()).isZero();
    assertThat(texts(Lines.split(Payload.of("\n")))).containsExactly("");
    assertThat(texts(Lines.split(Payload.of("a\n\nb\n")))).containsExactly("a", "", "b");
  }

  @Test
  void a_single_document_over_many_lines_becomes_one_line() {
    Payload pretty = Payload.of("[\n  1,\n  2\n]\n");
    assertThat(texts(Lines.single(pretty))).containsExactly("[   1,   2 ] ");
    assertThat(pretty.text()).contains("\n");
  }
}
