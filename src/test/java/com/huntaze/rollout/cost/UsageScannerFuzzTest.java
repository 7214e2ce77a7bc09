package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;

/**
 * Any bytes as an answer. Without {@code JAZZER_FUZZ=1} the seeds beside this test are replayed:
 * real servers' answers, and what fuzzing has found.
 */
class UsageScannerFuzzTest {
  private static final int PIECES = 7;

  /** The places of the cuts change nothing, and nothing makes the scanner throw. */
  @FuzzTest(maxDuration = "10m")
  void readsTheSameHoweverItIsCut(byte[] data) {
    if (data.length == 0) {
      return;
    }
    boolean events = (data[0] & 1) == 1;
    String whole = told(events, data, data.length);
    assertThat(told(events, data, 1)).isEqualTo(whole);
    assertThat(told(events, data, PIECES)).isEqualTo(whole);
  }

  private static String told(boolean events, byte[] data, int size) {
    List<String> heard = new ArrayList<>();
    UsageListener listener = UsageScannerTest.noting(heard);
    UsageScanner scanner = events ? UsageScanner.ofEvents(listener) : UsageScanner.ofJson(listener);
    for (int at = 1; at < data.length; at += size) {
      scanner.feed(data, at, Math.min(at + size, data.length));
    }
    scanner.end();
    Usage usage = scanner.usage();
    if (usage != null) {
      assertThat(usage.inputTokens()).isNotNegative();
      assertThat(usage.outputTokens()).isNotNegative();
    }
    return heard + " " + usage + " " + scanner.model() + " " + scanner.reportedCost();
  }
}
