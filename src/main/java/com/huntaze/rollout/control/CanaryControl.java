package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.CanaryMachine;
import com.huntaze.rollout.canary.CanarySettings;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.CanaryState;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.Ladder;
import com.huntaze.rollout.canary.Phase;
import com.huntaze.rollout.canary.Step;
import com.huntaze.rollout.health.ProviderMetrics;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.traffic.GoldenRatioSequence;
import com.huntaze.rollout.traffic.ProviderSelector;
import com.huntaze.rollout.traffic.TrafficSplitter;
import com.huntaze.rollout.traffic.UserKey;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The canary's state and the pure parts that change it, held by one verticle: not thread-safe. It
 * knows the time and the configuration, not the event bus.
 */
public final class CanaryControl {
  private static final String AUTO = "auto";

  private final ProviderMode mode;
  private final CanarySettings settings;
  private final OptionalInt startPercentage;
  private final InstantSource clock;
  private final CanaryMachine machine;
  private final TrafficSplitter splitter;
  private final ProviderSelector selector;
  private CanarySnapshot snapshot;
  private String reason = "";

  /**
   * @param startPercentage the share that was given explicitly, to begin with at once
   * @param keyless the process-wide sequence for requests without a user key
   */
  public CanaryControl(
      ProviderMode mode,
      CanarySettings settings,
      OptionalInt startPercentage,
      String replicaId,
      GoldenRatioSequence keyless,
      InstantSource clock) {
    this.mode = mode;
    this.settings = settings;
    this.startPercentage = startPercentage;
    this.clock = clock;
    machine = new CanaryMachine(Ladder.of(settings.stages()), replicaId);
    splitter = new TrafficSplitter(settings.salt(), keyless);
    selector = new ProviderSelector(splitter);
    snapshot = CanarySnapshot.fresh(replicaId, clock.millis());
  }

  CanarySnapshot snapshot() {
    return snapshot;
  }

  /** The command that a fresh state begins with, if the configuration asks for one. */
  Optional<Command> atStart() {
    if (mode != ProviderMode.CANARY) {
      return Optional.empty();
    }
    if (startPercentage.isPresent()) {
      return Optional.of(atGivenPercentage(startPercentage.getAsInt()));
    }
    return settings.autoStart()
        ? Optional.of(new Command.Start(AUTO, "canary.autoStart"))
        : Optional.empty();
  }

  private Command atGivenPercentage(int percentage) {
    String why = "given at start; the state is new, so an earlier rollback is not known";
    return percentage == settings.stages().get(0).percentage()
        ? new Command.Start(AUTO, why)
        : new Command.SetPercentage(percentage, AUTO, why);
  }

  /** One line for the log at start: where the rollout stands and what begins it. */
  String startSentence() {
    return switch (mode) {
      case FOUNDRY -> "Mode foundry: everything goes to Foundry";
      case LEGACY -> "Mode legacy: everything goes to legacy";
      case CANARY ->
          "Mode canary: %s at %d %%; %s"
              .formatted(snapshot.phase(), snapshot.percentage(), nextSentence());
    };
  }

  Step step(Command command) {
    Step step = machine.step(snapshot, command, clock.millis());
    if (step instanceof Step.Changed changed) {
      snapshot = snapshot.merge(changed.transition().after());
      splitter.updatePercentage(snapshot.percentage());
      reason = changed.transition().sentence();
    }
    return step;
  }

  CanaryState state() {
    return new CanaryState(
        snapshot,
        null,
        0,
        ProviderMetrics.none(Provider.FOUNDRY),
        ProviderMetrics.none(Provider.LEGACY),
        reason.isEmpty() ? "not started" : reason,
        nextSentence());
  }

  /**
   * Answers {@code rollout.canary.decide}.
   *
   * @throws IllegalArgumentException with a sentence for the sender
   */
  JsonObject decide(Object message) {
    if (!(message instanceof JsonObject request)) {
      throw new IllegalArgumentException(
          "body: not a JSON object (expected: {\"requestId\": …, \"userId\": …})");
    }
    Object userId = request.getValue("userId");
    if (userId != null && !(userId instanceof String)) {
      throw new IllegalArgumentException("userId: not text (expected: text, or none)");
    }
    Provider provider = selector.choose(mode, UserKey.normalise((String) userId)).provider();
    return new JsonObject()
        .put("provider", provider.label())
        .put("percentage", snapshot.percentage())
        .put("phase", snapshot.phase().name())
        .put("epoch", snapshot.epoch().toString())
        .put("stage", snapshot.stage());
  }

  private String nextSentence() {
    if (mode != ProviderMode.CANARY) {
      return "the provider mode is " + mode.label() + ": the canary decides nothing";
    }
    if (snapshot.rolledBack()) {
      return "start begins a new attempt, reset a new epoch at 0 %";
    }
    if (snapshot.phase().equals(Phase.INITIAL)) {
      return "start begins the rollout (POST /api/v1/canary/start on the admin port)";
    }
    return "set or rollback change the share";
  }
}
