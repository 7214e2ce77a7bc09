package com.huntaze.rollout.canary;

import java.util.Set;
import java.util.TreeSet;

/**
 * The growth of knowledge by each assessment: the bake clock, and the holds and breaches to tell
 * of.
 */
final class BakeTimer {
  private static final String LIMIT = "a limit";
  private static final String NOTICE = "a notice";

  private BakeTimer() {}

  static Step judged(
      Rollout state, Assessment assessment, MachineSettings settings, Ladder ladder, Time now) {
    long elapsed = elapsed(state, settings, now.monotonicMillis());
    boolean counts = assessment.healthy() && state.assessment().healthy() && bakes(state);
    StageHealth before = state.health();
    long healthy = (assessment.anew() ? 0 : before.healthyMillis()) + (counts ? elapsed : 0);
    boolean holds =
        assessment.kind() == Assessment.Kind.HOLD && isHeld(state, settings, ladder)
            || lacksProof(state, assessment, settings, ladder);
    long since = holds ? since(state, now.monotonicMillis()) : StageHealth.NEVER;
    boolean lasts = holds && now.monotonicMillis() - since >= settings.holdAlertMillis();
    Set<String> exceeded = exceeded(assessment, settings);
    StageHealth.Told told =
        told(before.told(), exceeded, assessment, settings, now)
            // Something worse does not end it.
            .hold(lasts || before.told().hold() && (holds || assessment.exceeded()));
    Rollout after =
        state.with(new StageHealth(healthy, now.monotonicMillis(), since, told, assessment));
    Step step = new Step(after);
    if (lasts && !before.told().hold()) {
      String sentence =
          "The canary has been held for %d s: %s"
              .formatted((now.monotonicMillis() - since) / 1_000, assessment.sentence());
      step = step.and(alarm(Alert.Kind.HOLD, state, sentence, now));
    }
    Set<String> joined = new TreeSet<>(exceeded);
    joined.removeAll(before.told().limits().keySet());
    // News of its own tell of it, once in a stage and over a restart.
    joined.remove(Assessment.SHARE);
    if (joined.remove(NOTICE)) {
      String sentence = "Foundry differs from legacy: " + assessment.notice();
      step = step.and(topic(state, NOTICE, sentence, now));
    }
    if (!joined.isEmpty()) {
      String sentence = "Foundry exceeds a limit: " + assessment.sentence();
      step =
          step.and(
              joined.contains(LIMIT)
                  ? alarm(Alert.Kind.THRESHOLD, state, sentence, now)
                  : topic(state, String.join(" and ", joined), sentence, now));
    }
    for (Assessment.News each : assessment.news()) {
      step = step.and(new Effect.Alarm(Alert.at(each, state.snapshot(), now.wallMillis())));
    }
    return step;
  }

  /** A pause, a share set by hand and the ladder's end are no holds: nothing would be promoted. */
  private static boolean isHeld(Rollout state, MachineSettings settings, Ladder ladder) {
    return !settings.decides() || bakes(state) && ladder.above(state.snapshot()).isPresent();
  }

  /** A stage that is healthy, and has been for its time, but has not been shown to be safe. */
  private static boolean lacksProof(
      Rollout state, Assessment assessment, MachineSettings settings, Ladder ladder) {
    CanarySnapshot snapshot = state.snapshot();
    return settings.decides()
        && assessment.healthy()
        && !assessment.promotable()
        && bakes(state)
        && ladder.above(snapshot).isPresent()
        && state.health().healthyMillis() >= ladder.bakeMillis(snapshot);
  }

  /**
   * The time since the last assessment. A process that was stopped, or a clock that leapt, has not
   * been healthy all that time.
   */
  private static long elapsed(Rollout state, MachineSettings settings, long nowMillis) {
    long elapsed =
        state.health().judgedAt() == StageHealth.NEVER ? 0 : nowMillis - state.health().judgedAt();
    return Math.max(0, Math.min(elapsed, settings.longestTickMillis()));
  }

  /** A pause stops the bake clock, and so does a share that a person set. */
  private static boolean bakes(Rollout state) {
    Position position = state.snapshot().position();
    return PromotionRule.bakes(state.snapshot()) && !position.paused() && !position.manual();
  }

  private static long since(Rollout state, long nowMillis) {
    return state.health().holdSince() == StageHealth.NEVER ? nowMillis : state.health().holdSince();
  }

  /** The things to tell of; a rollback has an alert of its own. */
  private static Set<String> exceeded(Assessment assessment, MachineSettings settings) {
    Set<String> exceeded = new TreeSet<>();
    if (assessment.kind() == Assessment.Kind.BREACHED
        || assessment.kind() == Assessment.Kind.ROLLBACK && !settings.decides()) {
      exceeded.add(LIMIT);
      exceeded.addAll(assessment.exceeding());
    }
    if (assessment.exceeding().contains(Assessment.SHARE)) {
      exceeded.add(Assessment.SHARE);
    }
    if (!assessment.notice().isEmpty()) {
      exceeded.add(NOTICE);
    }
    return exceeded;
  }

  /** Over is each that has not come back for a while, and only by what was seen to be well. */
  private static StageHealth.Told told(
      StageHealth.Told before,
      Set<String> exceeded,
      Assessment assessment,
      MachineSettings settings,
      Time now) {
    StageHealth.Told told = before.exceeding(exceeded, now.monotonicMillis());
    return assessment.healthy()
        ? told.within(settings.holdAlertMillis(), now.monotonicMillis())
        : told;
  }

  /** Each is told when it joins those that were told of, whatever else is over its limit. */
  private static Effect topic(Rollout state, String topic, String sentence, Time now) {
    return new Effect.Alarm(
        Alert.at(Alert.Kind.THRESHOLD, state.snapshot(), topic, sentence, now.wallMillis()));
  }

  private static Effect alarm(Alert.Kind kind, Rollout state, String sentence, Time now) {
    return new Effect.Alarm(Alert.at(kind, state.snapshot(), sentence, now.wallMillis()));
  }
}
