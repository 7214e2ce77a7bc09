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
        || after.snapshot().rolledBack()
        || step.effects().stream().anyMatch(Endings::isEnd)) {
      return step;
    }
    StageHealth.Told was = before.health().told();
    StageHealth.Told is = after.health().told();
    boolean well = !settings.judges() || after.assessment().healthy();
    if (after.leads() && !was.sure() && !moved && was.nothing() && is.nothing() && well) {
      String found = "Found well by who leads now: " + reason(after, false, settings);
      return step.then(after.with(after.health().silent()))
          .and(well(Alert.Kind.HOLD_OVER, after, found, now))
          .and(well(Alert.Kind.THRESHOLD_OVER, after, found, now));
    }
    Step all = step;
    boolean anew = moved || !settings.judges();
    String why = reason(after, moved, settings);
    if (was.hold() && !is.hold()) {
      String sentence = "The canary is not held any more: " + unheld(after, why, anew, settings);
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

  private static String reason(Rollout after, boolean moved, MachineSettings settings) {
    if (!settings.judges()) {
      return "everything goes to legacy, and nothing is judged";
    }
    return moved
        ? "the share is %d %% now".formatted(after.snapshot().percentage())
        : after.assessment().sentence();
  }

  /** It ends by a person, too, whatever the health is. */
  private static String unheld(Rollout after, String why, boolean anew, MachineSettings settings) {
    Position position = after.snapshot().position();
    if (anew || !settings.decides() || !position.paused() && !position.manual()) {
      return why;
    }
    return position.paused() ? "a person has paused it" : "a person has set the share";
  }

  /** Whoever led before may have told of a hold or a limit, and nobody else ends it. */
  private static Effect well(Alert.Kind kind, Rollout now, String sentence, Time at) {
    return new Effect.Well(Alert.at(kind, now.snapshot(), sentence, at.wallMillis()));
  }

  private static Effect over(Alert.Kind kind, Rollout before, String sentence, Time now) {
    return new Effect.Alarm(Alert.at(kind, before.snapshot(), sentence, now.wallMillis()));
  }
}
