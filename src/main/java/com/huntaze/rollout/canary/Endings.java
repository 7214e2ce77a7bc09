package com.huntaze.rollout.canary;

import java.util.EnumSet;
import java.util.Set;

/**
 * The end of what people were told of a share: whoever was called must hear that it is over. A
 * promotion, and the end of a rollback, say it themselves; during a rollback nothing is over.
 */
final class Endings {
  private static final Set<Alert.Kind> SAY_IT =
      EnumSet.of(Alert.Kind.PROMOTION, Alert.Kind.ROLLBACK, Alert.Kind.ROLLBACK_OVER);

  private Endings() {}

  /** The step with the news of what is over by it. */
  static Step told(Rollout before, Input input, Step step, MachineSettings settings, Time now) {
    Rollout after = step.after();
    boolean moved = !after.snapshot().sameShare(before.snapshot());
    if (!moved && !(input instanceof Input.Judged)
        || step.effects().stream().anyMatch(Endings::isEnd)) {
      return step;
    }
    StageHealth.Told was = before.health().told();
    StageHealth.Told is = after.health().told();
    if (!was.sure() && !moved && was.nothing() && is.nothing() && after.assessment().healthy()) {
      return step.then(after.with(after.health().silent()))
          .and(well(Alert.Kind.HOLD_OVER, after, now))
          .and(well(Alert.Kind.THRESHOLD_OVER, after, now));
    }
    Step all = step;
    boolean anew = moved || !settings.judges();
    String why = anew ? anew(after, settings) : after.assessment().sentence();
    if (was.hold() && !is.hold()) {
      String sentence = "The canary is not held any more: " + why;
      all = all.and(over(Alert.Kind.HOLD_OVER, before, sentence, now));
    }
    if (!was.limits().isEmpty() && is.limits().isEmpty()) {
      String sentence =
          anew
              ? "What was told of Foundry's limits counts no more: " + why
              : "Foundry has been within its limits for %d s: %s"
                  .formatted(settings.holdAlertMillis() / 1_000, why);
      all = all.and(over(Alert.Kind.THRESHOLD_OVER, before, sentence, now));
    }
    return all;
  }

  private static boolean isEnd(Effect effect) {
    return effect instanceof Effect.Alarm alarm && SAY_IT.contains(alarm.alert().kind());
  }

  private static String anew(Rollout after, MachineSettings settings) {
    return settings.judges()
        ? "the share is %d %% now".formatted(after.snapshot().percentage())
        : "everything goes to legacy, and nothing is judged";
  }

  /** Whoever led before may have told of a hold or a limit, and nobody else ends it. */
  private static Effect well(Alert.Kind kind, Rollout now, Time at) {
    String sentence = "Found well by who leads now: " + now.assessment().sentence();
    return new Effect.Well(Alert.at(kind, now.snapshot(), sentence, at.wallMillis()));
  }

  private static Effect over(Alert.Kind kind, Rollout before, String sentence, Time now) {
    return new Effect.Alarm(Alert.at(kind, before.snapshot(), sentence, now.wallMillis()));
  }
}
