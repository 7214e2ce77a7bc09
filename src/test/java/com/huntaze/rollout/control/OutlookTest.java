package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Epoch;
import com.huntaze.rollout.canary.Ladder;
import com.huntaze.rollout.canary.Phase;
import com.huntaze.rollout.canary.Position;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.Saved;
import com.huntaze.rollout.canary.StageSettings;
import com.huntaze.rollout.provider.ProviderMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlookTest {
  private static final Ladder LADDER =
      Ladder.of(
          List.of(
              new StageSettings("canary_10", 10, Duration.ofHours(24)),
              new StageSettings("full", 100, null)));

  @ParameterizedTest
  @CsvSource({
    "true, false, 'paused: resume lets it go on'",
    "false, true, 'set by hand: start or advance let it go on'",
    "true, true, 'paused and set by hand: start or advance let it go on, resume alone does not'",
    "false, false, 'full at 100 % after 24 h 0 min more of health; now not judged yet'"
  })
  void tellsWhatReallyLetsItGoOn(boolean paused, boolean manual, String outlook) {
    Position position = new Position(1, 1, new Phase("canary_10"), 0, 10, paused, manual, 0);
    CanarySnapshot snapshot = new CanarySnapshot(new Epoch(1, "a"), null, position);
    Rollout read =
        Rollout.following(new Saved(snapshot, 0, OptionalInt.empty(), Map.of(), List.of()));
    Rollout leads =
        new Rollout(
            snapshot,
            new Rollout.Lead(true, 1),
            null,
            null,
            read.writing(),
            read.health(),
            List.of());
    assertThat(Outlook.of(ProviderMode.CANARY, leads, LADDER)).isEqualTo(outlook);
  }

  /** Whoever was woken for it asks this, whatever the rollout waits for otherwise. */
  @Test
  void aStateThatCannotBeWrittenIsToldBeforeAllElse() {
    for (ProviderMode mode : ProviderMode.values()) {
      assertThat(Outlook.of(mode, Rollout.unopened(), LADDER))
          .isEqualTo("nothing is promoted: the state cannot be written; rollback works");
    }
  }
}
