package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.JudgedProxy.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults that a client feels and no limit sees, as version 0.1.0 promoted them to 100 %: they hold
 * the rollout, with one alert.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class DifferencesIT {
  private static final int USERS = 80;
  private static final String BAKE = "2s";

  @Parameter Wire wire;

  @ParameterizedTest
  @CsvSource({"422, answers 422 by user"})
  void aFoundryThatRefusesHalfOfWhatLegacyTakesIsNotPromoted(int status, String told) {
    Status refusal = new Status(status, Map.of(), "no");
    Function<String, WireFault> half = id -> id.endsWith("0") ? refusal : Plain.NONE;
    try (JudgedProxy canary = new JudgedProxy(wire, BAKE, new JsonObject())) {
      canary.command("start");
      canary.foundry().become(half);
      int[] sent = {0};
      JsonObject held =
          canary.until(
              state -> canary.alerts().stream().anyMatch(alert -> alert.contains(told)),
              () -> ask(canary, sent[0]++));
      assertThat(held.getString("phase")).isEqualTo("canary_10");
      // For more than the stage's time.
      for (int i = 0; i < 500; i++) {
        ask(canary, sent[0]++);
      }
      assertThat(phase("canary_10").test(canary.state())).isTrue();
      assertThat(canary.alerts().stream().filter(alert -> alert.contains(told))).hasSize(1);
      assertThat(canary.lastHealth().getString("verdict")).isEqualTo("alert");
      assertThat(canary.lastHealth().getString("sentence"))
          .contains(told, "against legacy's 0.0 % (0 of ", "users who are alike look like this 1");
      JsonObject row =
          canary.lastHealth().getJsonArray("metrics").stream()
              .map(JsonObject.class::cast)
              .filter(each -> each.getString("metric").equals("user_unprocessable"))
              .findFirst()
              .orElseThrow();
      JsonObject difference = row.getJsonObject("difference");
      assertThat(difference.getDouble("low")).isPositive();
      assertThat(difference.getString("text")).startsWith("+").endsWith(" points");
    }
  }

  /** The same users of a Foundry that answers as legacy does: nothing else holds them up. */
  @Test
  void aFoundryThatIsLikeLegacyIsPromoted() {
    try (JudgedProxy canary = new JudgedProxy(wire, BAKE, new JsonObject())) {
      canary.command("start");
      int[] sent = {0};
      canary.until(phase("canary_50"), () -> ask(canary, sent[0]++));
      assertThat(canary.alerts()).noneMatch(alert -> alert.contains("by user"));
    }
  }

  /** Users of both providers, of whose requests every other one ends in 0. */
  private static void ask(JudgedProxy canary, int i) {
    int digit = i / USERS % 2;
    canary.post("X-User-ID", "user-" + i % USERS, "X-Correlation-ID", "of-" + i + "-" + digit);
    Waits.pause(Duration.ofMillis(5));
  }
}
