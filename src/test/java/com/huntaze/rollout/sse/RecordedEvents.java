package com.huntaze.rollout.sse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Feeds a stream to a framer and keeps what it told, and where it saw boundaries. */
final class RecordedEvents implements SseListener {
  final List<String> told = new ArrayList<>();
  final TreeSet<Integer> boundaries = new TreeSet<>();
  final SseFramer framer;

  RecordedEvents(int maxEventBytes) {
    framer = new SseFramer(this, maxEventBytes);
  }

  /** Feeds {@code stream}, cut at the given offsets; each chunk's array is overwritten after. */
  static RecordedEvents of(byte[] stream, int max, Iterable<Integer> cuts) {
    RecordedEvents events = new RecordedEvents(max);
    int from = 0;
    for (int cut : cuts) {
      events.feed(stream, from, cut);
      from = cut;
    }
    events.feed(stream, from, stream.length);
    return events;
  }

  private void feed(byte[] stream, int from, int to) {
    byte[] chunk = new byte[to - from + 6];
    System.arraycopy(stream, from, chunk, 3, to - from);
    int boundary = framer.feed(chunk, 3, 3 + to - from);
    if (boundary > 3) {
      boundaries.add(from + boundary - 3);
    }
    if (from < to && (boundary == 3 + to - from) != framer.atBoundary()) {
      throw new AssertionError("boundary " + boundary + " against " + framer.atBoundary());
    }
    Arrays.fill(chunk, (byte) '#');
  }

  @Override
  public void event(String type, byte[] data, int from, int to) {
    told.add(type + "|" + text(data, from, to));
  }

  @Override
  public void comment(byte[] text, int from, int to) {
    told.add(":" + text(text, from, to));
  }

  @Override
  public void oversized(String type, byte[] head, int from, int to) {
    told.add("oversized|" + type + "|" + text(head, from, to));
  }

  private static String text(byte[] data, int from, int to) {
    return new String(data, from, to - from, StandardCharsets.UTF_8);
  }
}
