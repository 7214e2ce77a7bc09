package com.huntaze.rollout.judge.window;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * The latencies of many exchanges at one moment, for display only: an HdrHistogram of milliseconds,
 * 1 ms to 1 h at two significant digits, in its compact encoding (some hundred bytes). Immutable.
 */
final class LatencySnapshot {
  static final long MOST_MILLIS = 3_600_000;
  static final LatencySnapshot EMPTY = of(histogram());

  private static final int DIGITS = 2;

  private final byte[] encoded;
  private final long count;

  private LatencySnapshot(byte[] encoded, long count) {
    this.encoded = encoded;
    this.count = count;
  }

  /** Returns the number of times that it holds. */
  long count() {
    return count;
  }

  /** A histogram of the one shape that snapshots have. */
  static Histogram histogram() {
    return new Histogram(1, MOST_MILLIS, DIGITS);
  }

  static LatencySnapshot of(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoByteBuffer(buffer);
    return new LatencySnapshot(Arrays.copyOf(buffer.array(), length), histogram.getTotalCount());
  }

  /** The latencies as a histogram of the caller's own. */
  Histogram decode() {
    return Histogram.decodeFromByteBuffer(ByteBuffer.wrap(encoded), MOST_MILLIS);
  }
}
