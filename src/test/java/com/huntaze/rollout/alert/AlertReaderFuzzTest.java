package com.huntaze.rollout.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.huntaze.rollout.canary.Alert;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;

/** Any JSON as an alert on the event bus. */
class AlertReaderFuzzTest {
  private static final int LONGEST = 300;

  /** It is read, or refused in one short line; what is read fits into one line as well. */
  @FuzzTest(maxDuration = "10m")
  void isReadOrRefused(byte[] data) {
    Object body;
    try {
      body = Json.decodeValue(Buffer.buffer(data));
    } catch (DecodeException notJson) {
      return;
    }
    try {
      Alert alert = AlertReader.read(body, 0);
      assertThat(alert.kind()).isNotNull();
      assertThat(alert.sentence()).isNotEmpty();
      oneLine(alert.sentence(), Integer.MAX_VALUE);
      oneLine(alert.subject(), Integer.MAX_VALUE);
      oneLine(alert.occasion(), Integer.MAX_VALUE);
    } catch (IllegalArgumentException refused) {
      oneLine(refused.getMessage(), LONGEST);
    }
  }

  private static void oneLine(String text, int longest) {
    assertThat(text.length()).isLessThanOrEqualTo(longest);
    assertThat(text.chars())
        .noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
  }
}
