package com.huntaze.rollout.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilterTest {
  private static final ExchangeRecord RECORD =
      new ExchangeRecord(
          0,
          "correlation-1",
          "0af7651916cd43dd",
          null,
          false,
          new ExchangeRecord.Request(
              "POST",
              "/route",
              "POST /route",
              null,
              10,
              new ExchangeRecord.Origin(null, null, "00ffee1122334455")),
          new Caller(null, null, null),
          Provider.FOUNDRY,
          "weight",
          false,
          new ExchangeRecord.Served(
              "Llama-3.3-70B", null, null, true, new ExchangeRecord.UpstreamIds("req-9", "apim-7")),
          503,
          "complete",
          "success",
          1,
          5_000_000,
          2_000_000,
          -1,
          List.of());

  @ParameterizedTest
  @CsvSource({
    "id, correlation-1, true", "id, correl, true", "id, 0af7, true", "id, req-9, true",
    "id, apim-, true", "id, elation, false", "status, 503, true", "status, 5xx, true",
    "status, 5XX, true", "status, error, true", "status, none, false", "status, 500, false",
    "status, 4xx, false", "user, 00FFEE, true", "user, ffee, false", "model, llama, true",
    "model, 70b, true", "model, gpt, false", "id, '', true", "limit, 7, true"
  })
  void findsByEachField(String field, String value, boolean found) {
    assertThat(RecordFilter.read(Map.of(field, value)).test(RECORD)).isEqualTo(found);
  }

  @Test
  void allHaveToFit() {
    assertThat(RecordFilter.read(Map.of("status", "503", "model", "llama")).test(RECORD)).isTrue();
    assertThat(RecordFilter.read(Map.of("status", "200", "model", "llama")).test(RECORD)).isFalse();
    assertThat(RecordFilter.read(Map.of()).limit()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status | 50 | status: 50 (expected: such as 503, 5xx, none or error)",
        "user | zz | user: zz (expected: the hash of a user, hexadecimal digits)",
        "limit | 501 | limit: 501 (expected: 1 to 500)",
        "limit | -1 | limit: -1 (expected: 1 to 500)",
        "prompt | hi | prompt: unknown (expected: one of id, status, user, model, limit)"
      })
  void refusesWhatItDoesNotKnow(String field, String value, String sentence) {
    assertThatThrownBy(() -> RecordFilter.read(Map.of(field, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  @Test
  void anErrorIsFoundByTheModelThatWasAskedFor() {
    ExchangeRecord.Request asked =
        new ExchangeRecord.Request(
            "POST", "/route", "POST /route", "gpt-x", 10, ExchangeRecord.Origin.UNKNOWN);
    ExchangeRecord failed =
        new ExchangeRecord(
            0,
            "correlation-2",
            null,
            null,
            false,
            asked,
            new Caller(null, null, null),
            Provider.FOUNDRY,
            "weight",
            false,
            ExchangeRecord.Served.NOTHING,
            503,
            "complete",
            "status_503",
            1,
            5_000_000,
            -1,
            -1,
            List.of());
    assertThat(RecordFilter.read(Map.of("model", "gpt", "status", "5xx")).test(failed)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D\uDE00", "\uD83D\uDE00\uD83D\uDE00", "x", ""})
  void aFieldOfAnyLettersIsRefusedWithASentence(String field) {
    assertThatThrownBy(() -> RecordFilter.read(Map.of(field, "1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: one of id, status, user, model, limit");
  }
}
