package com.huntaze.rollout.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines are found wherever the chunks are cut. */
class LineFramerTest {
  /** Takes down what is found. */
  private static final class Found implements SseListener {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void event(String type, byte[] data, int from, int to) {
      assertThat(type).isNull();
      lines.add(new String(data, from, to - from, StandardCharsets.UTF_8));
    }

    @Override
    public void oversized(String type, byte[] head, int from, int to) {
      lines.add("cut:" + new String(head, from, to - from, StandardCharsets.UTF_8));
    }
  }

  private static List<String> lines(String text, int max, int... cuts) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Found found = new Found();
    LineFramer framer = new LineFramer(found, max);
    int at = 0;
    for (int cut : cuts) {
      framer.feed(bytes, at, cut);
      at = cut;
    }
    framer.feed(bytes, at, bytes.length);
    framer.end();
    return found.lines;
  }

  private static void foundWhereverItIsCut(String text, int max, String... expected) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    for (int first = 0; first <= length; first++) {
      for (int second = first; second <= length; second++) {
        assertThat(lines(text, max, first, second)).containsExactly(expected);
      }
    }
  }

  @Test
  void reportsEachLineAndNoBlankOne() {
    foundWhereverItIsCut(
        "{\"a\":1}\n\r\n  \n{\"é\":2}\r\n[3]\n", 100, "{\"a\":1}", "{\"é\":2}\r", "[3]");
  }

  @Test
  void reportsALastLineWithoutItsEnd() {
    foundWhereverItIsCut("{}\n{\"a\":", 100, "{}", "{\"a\":");
  }

  @Test
  void leavesOutTheSeparatorsOfATextSequence() {
    foundWhereverItIsCut("\u001e{\"a\":1}\n\u001e{\"b\":2}\n", 100, "{\"a\":1}", "{\"b\":2}");
  }

  @Test
  void reportsTheBeginningOfALineThatIsTooLarge() {
    String large = "x".repeat(400);
    assertThat(lines(large + "\n{}\n", 300)).containsExactly("cut:" + "x".repeat(256), "{}");
    for (int cut = 0; cut < 404; cut++) {
      assertThat(lines(large + "\n{}\n", 300, cut)).containsExactly("cut:" + "x".repeat(256), "{}");
    }
  }

  @Test
  void tellsWhereTheLastWholeLineEnds() {
    byte[] bytes = "{}\n{}\n{".getBytes(StandardCharsets.US_ASCII);
    LineFramer framer = new LineFramer(new Found());
    assertThat(framer.feed(bytes, 0, 2)).isZero();
    assertThat(framer.feed(bytes, 2, 3)).isEqualTo(3);
    assertThat(framer.feed(bytes, 3, 7)).isEqualTo(6);
    assertThat(framer.feed(bytes, 7, 7)).isEqualTo(7);
  }

  @Test
  void refusesALimitBelowOne() {
    assertThatThrownBy(() -> new LineFramer(new Found(), 0))
        .hasMessage("maxLineBytes: 0 (expected: 1..)");
  }
}
