package com.huntaze.rollout.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Any bytes as an event stream. The first byte is the limit of an event, the second says where the
 * stream is cut; the rest is the stream.
 */
class SseFramerFuzzTest {
  private static final int HEAD = 2;

  /** The places of the cuts change nothing, and nothing makes the framer throw. */
  @FuzzTest(maxDuration = "10m")
  void readsTheSameHoweverItIsCut(byte[] data) {
    if (data.length < HEAD) {
      return;
    }
    int max = 1 + (data[0] & 0xFF);
    byte[] stream = Arrays.copyOfRange(data, HEAD, data.length);
    int step = 1 + (data[1] & 0x0F);
    TreeSet<Integer> cuts = new TreeSet<>();
    for (int at = (data[1] & 0xFF) >> 4; at < stream.length; at += step) {
      cuts.add(at);
    }
    RecordedEvents whole = RecordedEvents.of(stream, max, List.of());
    RecordedEvents cut = RecordedEvents.of(stream, max, cuts);
    assertThat(cut.told).isEqualTo(whole.told);
    assertThat(cut.framer.atBoundary()).isEqualTo(whole.framer.atBoundary());
    if (!whole.boundaries.isEmpty()) {
      assertThat(cut.boundaries.last()).isEqualTo(whole.boundaries.last());
    }
    whole.framer.end();
    cut.framer.end();
    assertThat(cut.told).isEqualTo(whole.told);
  }
}
