package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Effect;
import com.huntaze.rollout.canary.MachineDriver;
import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.RollbackController;
import com.huntaze.rollout.judge.RollbackDecision;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric.Counter;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * Validates: Requirements 4.4, 4.5, 4.6. The judge's decision by the default settings, through the
 * machine, to what is in force.
 */
class RollbackDecisionPropertyTest {
  private static final long LIMIT_NANO_USD = 100_000_000;

  private final HealthSettings settings =
      ConfigLoader.parse(new JsonObject(), Map.of()).settings().health();
  private final RollbackController controller = new RollbackController(settings, Health.PLAN);

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-6")
  @Label("**Feature: azure-foundry-production-rollout, Property 6: Rollback trigger correctness**")
  void aLimitExceededTakesAllOfFoundrysShareAway(
      @ForAll @LongRange(min = 2_000, max = 100_000) long requests,
      @ForAll @LongRange(min = 0, max = 1_000) long errorsOver,
      @ForAll @LongRange(min = 0, max = 1_000) long slowOver,
      @ForAll @LongRange(min = -1_000, max = 1_000) long costOver,
      @ForAll @IntRange(min = 1, max = 100) int percentage) {
    // Each is counted from its limit, so that every try is near one of them.
    long errors = requests / 20 + errorsOver % 3 - 1;
    long slow = requests / 20 + slowOver % 3 - 1;
    long cost = requests * LIMIT_NANO_USD + costOver % 3 * requests;
    Counts window =
        Counts.of(Counter.OBSERVED, requests)
            .with(Counter.SETTLED, requests)
            .with(Counter.ERRORS, errors)
            .with(Counter.SLOW, slow)
            .with(Counter.COST_KNOWN, requests)
            .with(Counter.COST_NANO, cost);
    boolean over =
        20 * errors > requests || 20 * slow > requests || cost > requests * LIMIT_NANO_USD;

    MachineDriver canary = new MachineDriver();
    canary.order(MachineDriver.start());
    canary.order(MachineDriver.set(percentage));
    RollbackDecision decision = controller.checkHealth(Health.metrics(window));
    canary.judge(Assessments.of(decision, new JsonObject(), List.of(), false, false));

    assertThat(decision.isRollback()).isEqualTo(over);
    assertThat(canary.percentage()).isEqualTo(over ? 0 : percentage);
    assertThat(canary.phase().equals("rollback")).isEqualTo(over);
    assertThat(canary.effects(Effect.Alarm.class))
        .filteredOn(alarm -> alarm.alert().kind() == Alert.Kind.ROLLBACK)
        .hasSize(over ? 1 : 0);
  }
}
