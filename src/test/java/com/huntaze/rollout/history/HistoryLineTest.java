package com.huntaze.rollout.history;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HistoryLineTest {
  private static final HistoryRow ROW =
      new HistoryRow(
          1_764_446_591_000L,
          10,
          "healthy",
          new Figures(12.5, 0.9987, 341, Double.NaN, 0, 0.000442531),
          Figures.UNKNOWN);

  @Test
  void aRowComesBackAsItWas() {
    byte[] line = HistoryLine.write(ROW);
    assertThat(new String(line, US_ASCII))
        .matches("1 [0-9a-f]{8} 1764446591000,10,healthy,12\\.5.*,,,,,,\n");
    assertThat(HistoryLine.read(line, line.length - 1)).contains(ROW);
    assertThat(line.length).isLessThan(HistoryLine.LONGEST);
  }

  @Test
  void whatCannotBeLongerIsWithinTheLongest() {
    double widest = -1.234567890123e-300;
    Figures wide = new Figures(widest, widest, widest, widest, widest, widest);
    byte[] line =
        HistoryLine.write(new HistoryRow(Long.MAX_VALUE, 100, "a".repeat(32), wide, wide));
    assertThat(line.length).isLessThan(HistoryLine.LONGEST);
  }

  @Test
  void aLineThatWasCutAnywhereIsNone() {
    byte[] line = HistoryLine.write(ROW);
    for (int length = 0; length < line.length - 1; length++) {
      assertThat(HistoryLine.read(line, length)).as("%d bytes", length).isEmpty();
    }
  }

  @Test
  void aLineWithAnyOtherBitIsNone() {
    byte[] line = HistoryLine.write(ROW);
    for (int place = 0; place < line.length - 1; place++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] other = Arrays.copyOf(line, line.length);
        other[place] ^= (byte) (1 << bit);
        assertThat(HistoryLine.read(other, other.length - 1)).as("%d, %d", place, bit).isEmpty();
      }
    }
  }

  @Test
  void aLaterVersionIsNone() {
    byte[] line = HistoryLine.write(ROW);
    line[0] = '2';
    assertThat(HistoryLine.read(line, line.length - 1)).isEmpty();
  }
}
