package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.Assessment;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Ladder;
import com.huntaze.rollout.canary.Phase;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.Stage;
import com.huntaze.rollout.provider.ProviderMode;
import java.time.Duration;
import java.util.Optional;

/** The next step of a rollout and its missing conditions: one sentence for people. */
final class Outlook {
  /** Of a replica that does not lead. */
  static final String FOLLOWS = "another replica leads: it decides";

  /** Of a replica that does not lead, and hears nobody who does. */
  static final String NOBODY_LEADS =
      "no leader is heard: nothing is promoted until one is; rollback works";

  private Outlook() {}

  static String of(ProviderMode mode, Rollout rollout, Ladder ladder) {
    CanarySnapshot snapshot = rollout.snapshot();
    if (!rollout.writing().durable()) {
      return "nothing is promoted: the state cannot be written; rollback works";
    }
    if (mode != ProviderMode.CANARY) {
      return "the provider mode is " + mode.label() + ": the canary decides nothing";
    }
    if (snapshot.rolledBack()) {
      return "start begins a new attempt, reset a new epoch at 0 %";
    }
    if (snapshot.phase().equals(Phase.INITIAL)) {
      return "start begins the rollout (POST /api/v1/canary/start on the admin port)";
    }
    if (!rollout.lead().leads()) {
      return FOLLOWS;
    }
    if (snapshot.position().manual()) {
      return snapshot.position().paused()
          ? "paused and set by hand: start or advance let it go on, resume alone does not"
              + unlessHealthy(rollout)
          : "set by hand: start or advance let it go on" + unlessHealthy(rollout);
    }
    if (snapshot.position().paused()) {
      return "paused: resume lets it go on" + unlessHealthy(rollout);
    }
    return ofStage(rollout, ladder);
  }

  /** Returns why nothing is promoted from here, however healthy it is; {@code null} = it may be. */
  static String held(CanarySnapshot snapshot, Ladder ladder) {
    if (snapshot.position().manual()) {
      return "set by hand";
    }
    if (snapshot.position().paused()) {
      return "paused";
    }
    return ladder.above(snapshot).isEmpty() ? "the last stage" : null;
  }

  /** A share that is held by hand may be a bad one. */
  private static String unlessHealthy(Rollout rollout) {
    Assessment now = rollout.health().assessment();
    boolean wrong = now.kind() == Assessment.Kind.BREACHED || !now.overLimit().isEmpty();
    return wrong ? "; now " + now.sentence() : "";
  }

  private static String ofStage(Rollout rollout, Ladder ladder) {
    Optional<Stage> above = ladder.above(rollout.snapshot());
    Assessment assessment = rollout.health().assessment();
    if (above.isEmpty()) {
      return "the last stage: it is watched, " + assessment.sentence();
    }
    long bake = ladder.bakeMillis(rollout.snapshot());
    long missing = Math.max(0, bake - rollout.health().healthyMillis());
    String what = "%s at %d %%".formatted(above.get().phase(), above.get().percentage());
    String time =
        missing == 0
            ? "next, its time of health is over"
            : "after %s more of health".formatted(text(missing));
    boolean ready = assessment.kind() == Assessment.Kind.HEALTHY && assessment.promotable();
    return ready
        ? "%s %s".formatted(what, time)
        : "%s %s; now %s".formatted(what, time, assessment.sentence());
  }

  /** A time in words, such as {@code 2 h 5 min}. */
  static String text(long millis) {
    Duration duration = Duration.ofMillis(millis);
    if (duration.toHours() > 0) {
      return "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
    }
    return duration.toMinutes() > 0
        ? "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
        : "%.1f s".formatted(millis / 1_000.0);
  }
}
