package com.huntaze.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransitionsTest {
  private static final Ladder LADDER =
      Ladder.of(
          List.of(
              new StageSettings("canary_10", 10, Duration.ofHours(24)),
              new StageSettings("canary_50", 50, Duration.ofHours(48)),
              new StageSettings("full", 100, null)));

  private final Transitions transitions = new Transitions(LADDER, "a");
  private final CanarySnapshot fresh = CanarySnapshot.fresh("a", 0);

  private CanarySnapshot after(CanarySnapshot state, Command... commands) {
    CanarySnapshot current = state;
    for (Command command : commands) {
      current = ((CommandResult.Changed) transitions.of(current, command, 1)).transition().after();
    }
    return current;
  }

  private static Command start() {
    return new Command.Start("me", "");
  }

  private static Command advance() {
    return new Command.Advance("me", "");
  }

  private static Command set(int percentage) {
    return new Command.SetPercentage(percentage, "me", "");
  }

  private static Command rollback() {
    return new Command.Rollback("me", "errors");
  }

  private static Command reset() {
    return new Command.Reset("me", "");
  }

  private void assertRefused(CanarySnapshot state, Command command, String sentence) {
    assertThat(transitions.of(state, command, 1)).isEqualTo(new CommandResult.Refused(sentence));
  }

  @Test
  void beginsInitialAtZero() {
    assertThat(fresh.phase()).isEqualTo(Phase.INITIAL);
    assertThat(fresh.percentage()).isZero();
    assertThat(fresh.stage()).isEqualTo(Stage.NONE);
    assertThat(fresh.epoch()).hasToString("1-a");
  }

  @Test
  void startsAtTheFirstStage() {
    CanarySnapshot started = after(fresh, start());
    assertThat(started.phase()).hasToString("canary_10");
    assertThat(started.percentage()).isEqualTo(10);
    assertThat(started.stage()).isZero();
    assertThat(started.epoch()).isEqualTo(fresh.epoch());
    assertThat(started.since()).isEqualTo(1);
  }

  @Test
  void refusesASecondStart() {
    assertRefused(after(fresh, start()), start(), "start: already running, canary_10 at 10 %");
  }

  @Test
  void advancesStageByStageToTheEnd() {
    CanarySnapshot full = after(fresh, start(), advance(), advance());
    assertThat(full.phase()).hasToString("full");
    assertThat(full.percentage()).isEqualTo(100);
    assertRefused(full, advance(), "advance: already at the last stage, full at 100 %");
  }

  @Test
  void advanceFromInitialIsTheFirstStage() {
    assertThat(after(fresh, advance()).percentage()).isEqualTo(10);
  }

  @Test
  void setTakesThePhaseOfTheFirstStageThatCoversIt() {
    assertThat(after(fresh, set(5)).phase()).hasToString("canary_10");
    assertThat(after(fresh, set(10)).phase()).hasToString("canary_10");
    assertThat(after(fresh, set(11)).phase()).hasToString("canary_50");
    assertThat(after(fresh, set(51)).phase()).hasToString("full");
    assertThat(after(fresh, set(100)).percentage()).isEqualTo(100);
  }

  @Test
  void setZeroKeepsThePhase() {
    assertThat(after(fresh, set(0)).phase()).isEqualTo(Phase.INITIAL);
    CanarySnapshot zero = after(fresh, start(), set(0));
    assertThat(zero.phase()).hasToString("canary_10");
    assertThat(zero.percentage()).isZero();
    assertThat(after(zero, start()).percentage()).isEqualTo(10);
  }

  @Test
  void advanceAfterSetGoesToTheNextHigherStage() {
    assertThat(after(fresh, set(25), advance()).percentage()).isEqualTo(50);
    assertThat(after(fresh, set(25), advance()).position().manual()).isFalse();
  }

  @Test
  void startAfterSetLetsItGoOnFromThere() {
    CanarySnapshot state = after(fresh, set(25));
    assertThat(state.position().manual()).isTrue();
    assertThat(after(state, start()).position().manual()).isFalse();
    assertThat(after(state, start()).percentage()).isEqualTo(25);
  }

  @Test
  void refusesASetOutOfRange() {
    assertRefused(fresh, set(130), "percentage: 130 (expected: 0..100)");
    assertRefused(fresh, set(-1), "percentage: -1 (expected: 0..100)");
  }

  @Test
  void doesNotCountTheSameSetTwice() {
    assertThat(transitions.of(after(fresh, set(25)), set(25), 1))
        .isInstanceOf(CommandResult.Unchanged.class);
  }

  @Test
  void rollsBackToZeroFromEverywhere() {
    for (CanarySnapshot state :
        List.of(fresh, after(fresh, start()), after(fresh, start(), advance(), advance()))) {
      CanarySnapshot back = after(state, rollback());
      assertThat(back.phase()).isEqualTo(Phase.ROLLBACK);
      assertThat(back.percentage()).isZero();
      assertThat(back.stage()).isEqualTo(Stage.NONE);
      assertThat(back.rollback().fromPercentage()).isEqualTo(state.percentage());
    }
  }

  @Test
  void aRollbackAbsorbsEverythingWithinItsEpoch() {
    CanarySnapshot back = after(fresh, start(), rollback());
    assertRefused(
        back,
        set(5),
        "set: rolled back, the share stays 0 % (expected: start for a new attempt, or reset)");
    assertRefused(
        back,
        advance(),
        "advance: rolled back, the share stays 0 % (expected: start for a new attempt, or reset)");
    assertThat(transitions.of(back, rollback(), 1)).isInstanceOf(CommandResult.Unchanged.class);
    assertThat(transitions.of(back, set(0), 1)).isInstanceOf(CommandResult.Unchanged.class);
  }

  @Test
  void startAfterARollbackBeginsANewEpoch() {
    CanarySnapshot again = after(fresh, start(), rollback(), start());
    assertThat(again.epoch()).hasToString("2-a");
    assertThat(again.percentage()).isEqualTo(10);
  }

  @Test
  void resetBeginsANewEpochAtZero() {
    CanarySnapshot again = after(fresh, start(), rollback(), reset());
    assertThat(again.epoch()).hasToString("2-a");
    assertThat(again.phase()).isEqualTo(Phase.INITIAL);
    assertThat(transitions.of(fresh, reset(), 1)).isInstanceOf(CommandResult.Unchanged.class);
  }

  @Test
  void pausesAndResumes() {
    Command pause = new Command.Pause("me", "");
    Command resume = new Command.Resume("me", "");
    CanarySnapshot paused = after(fresh, start(), pause);
    assertThat(paused.position().paused()).isTrue();
    assertThat(paused.percentage()).isEqualTo(10);
    assertThat(after(paused, resume).position().paused()).isFalse();
    assertThat(transitions.of(paused, pause, 1)).isInstanceOf(CommandResult.Unchanged.class);
    assertRefused(fresh, pause, "pause: nothing is running, initial at 0 %");
    assertRefused(fresh, resume, "resume: not paused, initial at 0 %");
  }

  @Test
  void tellsAChangeInOneSentence() {
    CommandResult step = transitions.of(after(fresh, start()), rollback(), 1);
    assertThat(((CommandResult.Changed) step).transition().sentence())
        .isEqualTo("ROLLBACK canary foundry 10 % -> 0 % (rollback, epoch 1-a, by me): errors");
    CommandResult first = transitions.of(fresh, start(), 1);
    assertThat(((CommandResult.Changed) first).transition().sentence())
        .isEqualTo("Start canary foundry 0 % -> 10 % (canary_10, epoch 1-a, by me)");
  }
}
