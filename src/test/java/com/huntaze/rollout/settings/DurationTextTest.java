package com.huntaze.rollout.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "0ms, PT0S, 0s",
    "250ms, PT0.25S, 250ms",
    "1000ms, PT1S, 1s",
    "90s, PT1M30S, 90s",
    "15m, PT15M, 15m",
    "24h, PT24H, 1d",
    "7d, PT168H, 7d",
  })
  void readsAndWrites(String text, Duration duration, String shortest) {
    assertThat(DurationText.parse(text)).contains(duration);
    assertThat(DurationText.format(duration)).isEqualTo(shortest);
  }

  @Property
  void readsBackWhatItWrites(@ForAll @LongRange(min = 0, max = 1L << 39) long millis) {
    Duration duration = Duration.ofMillis(millis);

    assertThat(DurationText.parse(DurationText.format(duration))).contains(duration);
  }
}
