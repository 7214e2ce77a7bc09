package com.huntaze.rollout.judge.window;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * The latencies of many exchanges at one moment, for display only: an HdrHistogram of milliseconds,
 * 1 ms to 1 h at two significant digits, in its compact encoding (some hundred bytes). Immutable.
 */
public final class LatencySnapshot {
  static final long MOST_MILLIS = 3_600_000;
  public static final LatencySnapshot EMPTY = of(histogram());

  private static final int DIGITS = 2;

  private final byte[] encoded;
  private final long count;

  private LatencySnapshot(byte[] encoded, long count) {
    this.encoded = encoded;
    this.count = count;
  }

  /** Returns the number of times that it holds. */
  public long count() {
    return count;
  }

  /** The encoding, for another process. */
  public byte[] encoded() {
    return encoded.clone();
  }

  /**
   * The snapshot whose encoding this is.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static LatencySnapshot ofEncoded(byte[] encoded) {
    try {
      Histogram read = Histogram.decodeFromByteBuffer(ByteBuffer.wrap(encoded), MOST_MILLIS);
      if (read.getNumberOfSignificantValueDigits() == DIGITS) {
        return new LatencySnapshot(encoded.clone(), read.getTotalCount());
      }
    } catch (RuntimeException strange) {
      throw new IllegalArgumentException("times: no histogram", strange);
    }
    throw new IllegalArgumentException("times: a histogram of another shape");
  }

  /** The latencies of both. */
  public LatencySnapshot plus(LatencySnapshot other) {
    if (count == 0 || other.count == 0) {
      return count == 0 ? other : this;
    }
    Histogram sum = decode();
    sum.add(other.decode());
    return of(sum);
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
