package com.huntaze.rollout.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Promise: no cut of the network changes what is understood. */
class SseFramerPropertyTest {
  private static final int MAX = 80;
  private static final List<String> FIXTURES =
      List.of(
          "\uFEFFdata: {\"choices\":[{\"delta\":{\"content\":\"é😀\"}}]}\n\ndata: [DONE]\n\n",
          ": ping\r\n\r\nevent: message_start\r\ndata: {\"type\":\"ä\"}\r\n\r\ndata: 2\r\n\r\n",
          "data: a\rdata: b\r\rdata:c\r\r\r:x\rdata: 漢字\r\r",
          "data: a\n\r\ndata: b\r\n\ndata: c\r\r\n\n",
          "event:error\n\nid: 1\nretry: 5\n\ndata\ndata:\n\nevent: a\nevent:\ndata: 1\n\ndata: cut",
          "event: big\ndata: " + "é".repeat(60) + "\ndata: more\n: in\n\ndata: after\n\n",
          "id: " + "i".repeat(70) + "\ndata: 123456789\n\n:" + "k".repeat(99) + "\rdata: z\r\r");

  @Test
  void understandsTheSameWhereverAStreamIsCutInTwo() {
    for (String fixture : FIXTURES) {
      byte[] stream = fixture.getBytes(StandardCharsets.UTF_8);
      for (int cut = 0; cut <= stream.length; cut++) {
        sameAsWhole(stream, List.of(cut));
      }
    }
  }

  @Test
  void understandsTheSameByteByByte() {
    for (String fixture : FIXTURES) {
      byte[] stream = fixture.getBytes(StandardCharsets.UTF_8);
      TreeSet<Integer> cuts = new TreeSet<>();
      for (int i = 0; i < stream.length; i++) {
        cuts.add(i);
      }
      sameAsWhole(stream, cuts);
    }
  }

  @Property(tries = 2_000)
  void understandsTheSameInAnyChunks(
      @ForAll("streams") byte[] stream, @ForAll Set<Integer> anywhere) {
    TreeSet<Integer> cuts = new TreeSet<>();
    anywhere.forEach(cut -> cuts.add(Math.floorMod(cut, stream.length + 1)));
    sameAsWhole(stream, cuts);
  }

  @Property(tries = 1_000)
  void survivesGarbage(@ForAll byte[] garbage, @ForAll Set<Integer> anywhere) {
    TreeSet<Integer> cuts = new TreeSet<>();
    anywhere.forEach(cut -> cuts.add(Math.floorMod(cut, garbage.length + 1)));
    sameAsWhole(garbage, cuts);
  }

  @Provide
  Arbitrary<byte[]> streams() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "data",
            "data:",
            "data: x",
            "event: ",
            "event: e",
            ":",
            ": c",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "é",
            "\uFEFF",
            "id: 1",
            "x".repeat(50),
            "y".repeat(90));
    return piece.list().ofMaxSize(25).map(all -> bytes(String.join("", all)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void sameAsWhole(byte[] stream, Iterable<Integer> cuts) {
    RecordedEvents whole = RecordedEvents.of(stream, MAX, List.of());
    RecordedEvents cut = RecordedEvents.of(stream, MAX, cuts);
    assertThat(cut.told).isEqualTo(whole.told);
    // The last boundary is the same, and every other one is a place where the stream could end.
    assertThat(cut.framer.atBoundary()).isEqualTo(whole.framer.atBoundary());
    if (!whole.boundaries.isEmpty()) {
      assertThat(cut.boundaries.last()).isEqualTo(whole.boundaries.last());
    }
    for (int boundary : cut.boundaries) {
      RecordedEvents start = new RecordedEvents(MAX);
      assertThat(start.framer.feed(stream, 0, boundary)).isEqualTo(boundary);
    }
    whole.framer.end();
    cut.framer.end();
    assertThat(cut.told).isEqualTo(whole.told);
  }
}
