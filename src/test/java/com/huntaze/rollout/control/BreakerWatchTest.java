package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.BreakerFacts;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerWatchTest {
  private final AtomicLong now = new AtomicLong();
  private final BreakerWatch watch = new BreakerWatch(now::get);

  private BreakerFacts heard(String state, int users, int earlier) {
    watch.breaker(
        new JsonObject()
            .put("provider", "foundry")
            .put("state", state)
            .put("users", users)
            .put("usersLately", 100)
            .put("earlier", earlier));
    return watch.facts();
  }

  @Test
  void anOpeningAmongOtherFailuresIsKnownForAsLongAsItIsOpen() {
    assertThat(heard("open", 4, 2).isAmongFailures()).isTrue();
    assertThat(heard("half_open", 4, 0).isAmongFailures()).isFalse();
    assertThat(heard("closed", 0, 0).isAmongFailures()).isFalse();
  }

  /** Whoever starts anew while the breaker is still open is not rolled back for what was before. */
  @Test
  void aNewRolloutIsNotJudgedByWhatOpenedTheBreakerBeforeIt() {
    heard("open", 4, 2);
    watch.forget();
    BreakerFacts facts = watch.facts();
    assertThat(facts.open()).isTrue();
    assertThat(facts.isAmongFailures()).isFalse();
    assertThat(facts.isConfirmed()).isFalse();
  }
}
