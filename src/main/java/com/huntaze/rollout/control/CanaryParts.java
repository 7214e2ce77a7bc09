package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryMachine;
import com.huntaze.rollout.canary.CanarySettings;
import com.huntaze.rollout.canary.Ladder;
import com.huntaze.rollout.canary.MachineSettings;
import com.huntaze.rollout.canary.RolloutStore;
import com.huntaze.rollout.canary.StageSettings;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.judge.window.Sampling;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.traffic.GoldenRatioSequence;
import com.huntaze.rollout.traffic.TrafficSplitter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The parts of a canary verticle.
 *
 * @param bus where it is asked and tells
 * @param explicit the share that was given explicitly, by flag or environment
 * @param replicaId who this replica is, for the epochs and rollbacks that it begins
 * @param keyless the process-wide sequence for requests without a user key
 * @param fleet whether a cluster brings the rows of all replicas together
 * @param sampling picks the exchanges of user keys that the sequential tests see, process-wide
 */
public record CanaryParts(
    Bus bus,
    ProviderMode mode,
    CanarySettings canary,
    HealthSettings health,
    OptionalInt explicit,
    String replicaId,
    GoldenRatioSequence keyless,
    Sampling sampling,
    RolloutStore store,
    Clocks clocks,
    MeterRegistry registry,
    boolean fleet) {
  private static final long CHECKPOINT_MILLIS = 60_000;
  private static final long RETRY_MILLIS = 5_000;

  RolloutContext control() {
    return new RolloutContext(mode, canary, explicit, machine(), clocks);
  }

  CanaryMachine machine() {
    MachineSettings settings =
        new MachineSettings(
            mode,
            CHECKPOINT_MILLIS,
            RETRY_MILLIS,
            Math.max(health.staleAfter().toMillis(), health.evaluateEvery().toMillis()),
            health.noDataAfter().toMillis());
    return new CanaryMachine(Ladder.of(canary.stages()), settings, replicaId);
  }

  /** Returns the judge's view of the rollout. */
  RolloutPlan plan() {
    Duration planned = Duration.ZERO;
    for (StageSettings stage : canary.stages()) {
      planned = planned.plus(stage.bake() == null ? RolloutPlan.WATCH : stage.bake());
    }
    return new RolloutPlan(
        canary.stages().size(),
        planned,
        canary.promote().minRequests(),
        canary.promote().evidence(),
        canary.warmup());
  }

  /**
   * @param count how many there were before: what was counted by other limits is another source's
   */
  OutcomeIntake intake(int count) {
    String source = count == 0 ? "bus-" + replicaId : "bus-%s-%d".formatted(replicaId, count);
    return new OutcomeIntake(source, Thresholds.of(health), sampling);
  }

  Decisions decisions() {
    return new Decisions(mode, new TrafficSplitter(canary.salt(), keyless));
  }

  /** The same replica by another configuration. */
  public CanaryParts with(
      ProviderMode newMode, CanarySettings newCanary, HealthSettings newHealth) {
    return new CanaryParts(
        bus, newMode, newCanary, newHealth, explicit, replicaId, keyless, sampling, store, clocks,
        registry, fleet);
  }
}
