package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.huntaze.rollout.canary.Command;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;

/** Any JSON as a command or an outcome on the event bus. */
class BusBodiesFuzzTest {
  private static final int LONGEST = 700;

  /** It is read, or refused in one short line. */
  @FuzzTest(maxDuration = "10m")
  void isReadOrRefused(byte[] data) {
    Object body;
    try {
      body = Json.decodeValue(Buffer.buffer(data));
    } catch (DecodeException notJson) {
      return;
    }
    try {
      Command command = CommandReader.read(body);
      oneLine(command.actor());
      oneLine(command.reason());
    } catch (IllegalArgumentException refused) {
      oneLine(refused.getMessage());
    }
    try {
      OutcomeMessage outcome = OutcomeMessage.read(body);
      assertThat(outcome.latencyMillis()).isNotNegative();
      assertThat(outcome.epoch()).isNotNull();
      assertThat(outcome.provider()).isNotNull();
    } catch (IllegalArgumentException refused) {
      oneLine(refused.getMessage());
    }
  }

  private static void oneLine(String text) {
    assertThat(text.length()).isLessThanOrEqualTo(LONGEST);
    assertThat(text.chars())
        .noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
  }
}
