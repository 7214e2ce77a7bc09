package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end that a stream tells of itself, {@code [DONE]}: found wherever its pieces are cut. */
class StreamEndTest {
  private static final String CONTENT = "data: {\"choices\":[{\"delta\":{}}]}\n\n";
  private static final String USAGE = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";

  /** The events that a scanner has told of one stream. */
  private record Found(List<Long> done, String lineEnd, boolean betweenEvents) {}

  private static Found scan(String stream, List<Integer> sizes) {
    List<Long> done = new ArrayList<>();
    UsageScanner scanner =
        UsageScanner.ofEvents(
            new UsageListener() {
              @Override
              public void done(long from) {
                done.add(from);
              }
            });
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    int at = 0;
    for (int i = 0; at < bytes.length; i++) {
      int to = Math.min(bytes.length, at + sizes.get(i % sizes.size()));
      scanner.feed(bytes, at, to);
      at = to;
    }
    boolean between = scanner.isBetweenEvents();
    scanner.end();
    return new Found(done, scanner.lineEnd(), between);
  }

  private static Found scan(String stream) {
    return scan(stream, List.of(stream.length() + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: [DONE]\n\n", "data:[DONE]\n\n", "data:  [DONE] \n\n"})
  void findsItByItsFirstByte(String done) {
    assertThat(scan(CONTENT + USAGE + done))
        .isEqualTo(new Found(List.of((long) (CONTENT + USAGE).length()), "\n", true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: [DONE\n\n",
        "data: [DONE]]\n\n",
        "data: [ DONE]\n\n",
        "data: [DONE]\ndata: x\n\n",
        "data: x\ndata: [DONE]\n\n",
        "data: \"[DONE]\"\n\n",
        ": [DONE]\n\n",
        "event: [DONE]\n\n"
      })
  void takesNothingElseForIt(String other) {
    assertThat(scan(CONTENT + other).done()).isEmpty();
  }

  @Test
  void findsOneThatLacksItsBlankLine() {
    assertThat(scan(CONTENT + "data: [DONE]"))
        .isEqualTo(new Found(List.of((long) CONTENT.length()), "\n", false));
  }

  @Test
  void tellsWhetherAnEventHasBegun() {
    assertThat(scan("").betweenEvents()).isFalse();
    assertThat(scan(CONTENT).betweenEvents()).isTrue();
    assertThat(scan(CONTENT + "data: x").betweenEvents()).isFalse();
    assertThat(scan(CONTENT + "data: x\n").betweenEvents()).isFalse();
  }

  @Property(tries = 500)
  @Label("where the pieces of a stream are cut changes nothing in what is found")
  void isFoundWhereverPiecesAreCut(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 12) Integer> sizes,
      @ForAll @IntRange(min = 0, max = 2) int lines) {
    String end = List.of("\n", "\r\n", "\r").get(lines);
    String stream = (CONTENT + USAGE + "data: [DONE]\n\n").replace("\n", end);
    long at = (CONTENT + USAGE).replace("\n", end).length();
    assertThat(scan(stream, sizes)).isEqualTo(new Found(List.of(at), end, true));
    assertThat(scan(stream, List.of(1))).isEqualTo(scan(stream));
  }
}
