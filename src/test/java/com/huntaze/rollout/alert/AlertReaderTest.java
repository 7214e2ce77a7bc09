package com.huntaze.rollout.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.canary.Alert;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Anybody on the event bus may send anything. */
class AlertReaderTest {
  @Test
  void readsWhatAnAlertWrites() {
    Alert alert = new Alert(Alert.Kind.ROLLBACK, "canary foundry", "epoch 1-a", "sentence", 1_000);
    assertThat(AlertReader.read(new JsonObject(alert.fields()), 7)).isEqualTo(alert);
  }

  @Test
  void needsKindAndSentenceAlone() {
    Alert alert = AlertReader.read(new JsonObject("{\"kind\":\"hold\",\"sentence\":\"s\"}"), 7);
    assertThat(alert).isEqualTo(new Alert(Alert.Kind.HOLD, "", "", "s", 7));
  }

  static Stream<Object> bodies() {
    return Stream.of("text", 7, new JsonArray(), true);
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void refusesWhatIsNoObject(Object body) {
    assertThatThrownBy(() -> AlertReader.read(body, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("alert.body: ")
        .hasMessageContaining("(expected: a JSON object)");
    assertThatThrownBy(() -> AlertReader.read(null, 0)).hasMessageContaining("alert.body: null");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`{}`, `alert.kind:  (expected: a kind of docs/event-bus.md)`",
        "`{'kind':'pager'}`, `alert.kind: pager (expected: a kind of docs/event-bus.md)`",
        "`{'kind':7}`, `alert.kind: Integer (expected: text)`",
        "`{'kind':'hold'}`, `alert.sentence:  (expected: a sentence)`",
        "`{'kind':'hold','sentence':' \\n '}`, `alert.sentence:  ?  (expected: a sentence)`",
        "`{'kind':'hold','sentence':['s']}`, `alert.sentence: JsonArray (expected: text)`",
        "`{'kind':'rollback','severity':'info','sentence':'s'}`, `alert.severity: info (expected:"
            + " critical, that of rollback)`",
        "`{'kind':'hold','sentence':'s','at':'now\\r\\nx'}`, `alert.at: now??x (expected: an"
            + " instant such as 2026-11-24T07:12:00Z)`",
        "`{'kind':'hold','sentence':'s','at':'+1000000000-12-31T23:59:59Z'}`, `alert.at:"
            + " +1000000000-12-31T23:59:59Z (expected: an instant such as 2026-11-24T07:12:00Z)`",
        "`{'kind':'hold','sentence':'s','subject':{}}`, `alert.subject: JsonObject (expected: text)`",
      })
  void refusesAndSaysWhatIsExpected(String body, String message) {
    assertThatThrownBy(() -> AlertReader.read(new JsonObject(body.replace('\'', '"')), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
