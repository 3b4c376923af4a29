package dev.warren.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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
  void any_lines_are_split_where_they_were_joined() {
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
      Lines part = lines.slice(from, to);
      assertThat(texts(part)).isEqualTo(wanted.subList(from, to));
      assertThat(part.run(0, part.count())).isEqualTo(run);
      List<String> twice = new ArrayList<>(wanted.subList(from, to));
      twice.addAll(wanted);
      Lines joined = Lines.concat(List.of(part, lines));
      assertThat(texts(joined)).isEqualTo(twice);
      assertThat(texts(Lines.split(joined.run(0, joined.count())))).isEqualTo(twice);
    }
  }

  @Test
  void no_other_byte_is_treated_as_a_line_feed() {
    byte[] bytes = new byte[4096];
    new Random(4).nextBytes(bytes);
    for (int i = 0; i < 512; i++) {
      bytes[i] = (byte) (i % 2 == 0 ? i / 2 : '\n' + 1 - i % 3);
    }
    for (int from = 0; from < 16; from++) {
      int start = from;
      List<Integer> ends =
          IntStream.range(start, bytes.length)
              .filter(i -> bytes[i] == '\n')
              .mapToObj(i -> i - start)
              .toList();
      Lines lines = Lines.split(Payload.of(bytes, start, bytes.length - start));
      int at = 0;
      for (int i = 0; i < ends.size(); i++) {
        assertThat(lines.get(i).length()).isEqualTo(ends.get(i) - at);
        at = ends.get(i) + 1;
      }
      assertThat(lines.count()).isBetween(ends.size(), ends.size() + 1);
    }
  }

  @Test
  void empty_input_has_no_lines_and_an_inner_empty_line_counts() {
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
