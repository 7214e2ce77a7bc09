package com.huntaze.rollout.proxy;

import static com.huntaze.rollout.provider.Provider.FOUNDRY;
import static com.huntaze.rollout.provider.Provider.LEGACY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamOptionsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final StreamOptions options = new StreamOptions(nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void whoTakesTheRequestWithoutTheOptionIsAskedForNoneForAnHour() {
    assertThat(options.suspect(FOUNDRY, "m", 422)).isTrue();
    options.learn(FOUNDRY, "m", 200);
    assertThat(options.allowed(FOUNDRY, "m")).isFalse();
    assertThat(options.allowed(FOUNDRY, "n")).as("another model").isTrue();
    assertThat(options.allowed(LEGACY, "m")).as("another provider").isTrue();
    pass(Duration.ofMinutes(59));
    assertThat(options.allowed(FOUNDRY, "m")).isFalse();
    pass(Duration.ofMinutes(2));
    assertThat(options.allowed(FOUNDRY, "m")).isTrue();
  }

  @Test
  void whoRefusesTheRequestWithoutItIsNotTriedAgainForAnHour() {
    options.learn(FOUNDRY, "m", 400);
    assertThat(options.allowed(FOUNDRY, "m")).isTrue();
    assertThat(options.suspect(FOUNDRY, "m", 400)).isFalse();
    pass(Duration.ofMinutes(61));
    assertThat(options.suspect(FOUNDRY, "m", 400)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 429, 500, 503})
  void anythingElseShowsNothing(int status) {
    assertThat(options.suspect(FOUNDRY, "m", status)).isFalse();
    options.learn(FOUNDRY, "m", status);
    assertThat(options.allowed(FOUNDRY, "m")).isTrue();
    assertThat(options.suspect(FOUNDRY, "m", 400)).isTrue();
  }
}
