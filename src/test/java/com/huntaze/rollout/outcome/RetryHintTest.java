package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryHintTest {
  private static final long NOW = Instant.parse("1994-11-06T08:49:30Z").toEpochMilli();

  private static OptionalLong hint(Map<String, String> headers) {
    return RetryHint.of(headers, Map::get, NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "retry-after-ms | 1500 | 1500",
        "retry-after-ms | 0 | 0",
        "retry-after-ms | 12.5 | 13",
        "x-ms-retry-after-ms | 20 | 20",
        "retry-after | 2 | 2000",
        "retry-after | 0.25 | 250",
        "retry-after | 86400 | 3600000",
        "retry-after | 999999999999999999 | 3600000",
        "retry-after | Sun, 06 Nov 1994 08:49:37 GMT | 7000",
        "retry-after | Sun, 06 Nov 1994 08:49:00 GMT | 0",
        "retry-after | Mon, 06 Nov 2034 08:49:00 GMT | 3600000",
        "retry-after | Sun Nov  6 08:49:37 1994 | 7000",
      })
  void readsAHint(String header, String value, long millis) {
    assertThat(hint(Map.of(header, value))).hasValue(millis);
  }

  @Test
  void readsTheDateOfRfc850() {
    Map<String, String> header = Map.of("retry-after", "Monday, 06-Nov-34 08:49:37 GMT");
    assertThat(hint(header)).hasValue(RetryHint.MAX_MILLIS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "soon", "1e3", "0x10", "NaN", "1,5", "Sun, 99 Nov 1994", "١"})
  void ignoresGarbage(String value) {
    assertThat(hint(Map.of("retry-after", value, "retry-after-ms", value))).isEmpty();
  }

  @Test
  void prefersMillisecondsToSeconds() {
    assertThat(hint(Map.of("retry-after", "9", "x-ms-retry-after-ms", "8", "retry-after-ms", "7")))
        .hasValue(7);
    assertThat(hint(Map.of("retry-after", "9", "x-ms-retry-after-ms", "8"))).hasValue(8);
  }

  @Test
  void passesOverOneThatCannotBeRead() {
    assertThat(hint(Map.of("retry-after", "9", "retry-after-ms", "?"))).hasValue(9_000);
  }

  @Test
  void hasNoHintWithoutAHeader() {
    assertThat(hint(Map.of())).isEmpty();
  }

  @Property
  void staysWithinAnHourWhateverIsSent(@ForAll String value, @ForAll long now) {
    OptionalLong hint = RetryHint.of(value, (told, name) -> told, now);
    assertThat(hint.orElse(0)).isBetween(0L, RetryHint.MAX_MILLIS);
  }
}
