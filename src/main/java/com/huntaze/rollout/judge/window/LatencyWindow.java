package com.huntaze.rollout.judge.window;

import java.util.ArrayDeque;
import java.util.Deque;
import org.HdrHistogram.Histogram;

/**
 * One provider's latencies of the last W, for display: ten slices of a tenth of W each, so that a
 * figure is at most a tenth of W older than the window. While these hold nothing, the whole stage.
 */
final class LatencyWindow {
  private static final int SLICES = 10;

  private final long sliceMillis;
  private final Deque<Slice> slices = new ArrayDeque<>();
  private final Histogram stage = LatencySnapshot.histogram();

  LatencyWindow(long windowMillis) {
    sliceMillis = Math.max(1, windowMillis / SLICES);
  }

  void clear() {
    slices.clear();
    stage.reset();
  }

  /** Adds what came between two snapshots of one source. */
  void add(long nowMillis, LatencySnapshot before, LatencySnapshot after) {
    if (before == after) {
      return;
    }
    Histogram more = after.decode();
    more.subtract(before.decode());
    stage.add(more);
    long number = Math.floorDiv(nowMillis, sliceMillis);
    if (slices.isEmpty() || slices.peekLast().number < number) {
      slices.addLast(new Slice(number, LatencySnapshot.histogram()));
    }
    slices.peekLast().latencies.add(more);
  }

  /** The latencies to show. */
  Histogram shown(long nowMillis) {
    long first = Math.floorDiv(nowMillis, sliceMillis) - SLICES + 1;
    while (!slices.isEmpty() && slices.peekFirst().number < first) {
      slices.removeFirst();
    }
    if (slices.isEmpty()) {
      return stage;
    }
    Histogram sum = LatencySnapshot.histogram();
    slices.forEach(slice -> sum.add(slice.latencies));
    return sum;
  }

  private record Slice(long number, Histogram latencies) {}
}
