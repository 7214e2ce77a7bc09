package com.huntaze.rollout.canary;

import static com.huntaze.rollout.canary.MachineDriver.HOUR;
import static com.huntaze.rollout.canary.MachineDriver.PROVEN;
import static com.huntaze.rollout.canary.MachineDriver.advance;
import static com.huntaze.rollout.canary.MachineDriver.assessment;
import static com.huntaze.rollout.canary.MachineDriver.pause;
import static com.huntaze.rollout.canary.MachineDriver.resume;
import static com.huntaze.rollout.canary.MachineDriver.rollback;
import static com.huntaze.rollout.canary.MachineDriver.set;
import static com.huntaze.rollout.canary.MachineDriver.start;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.ProviderMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The rules of promotion, rollback and durability, in virtual time. */
class CanaryMachineTest {
  private static final long DAY = 24 * HOUR;
  private static final Assessment HOLD = assessment(Assessment.Kind.HOLD);
  private static final Assessment UNPROVEN = assessment(Assessment.Kind.HEALTHY);
  private static final Assessment BREACHED = assessment(Assessment.Kind.BREACHED);
  private static final Assessment BAD =
      new Assessment(
          Assessment.Kind.ROLLBACK, false, "error rate 6.0 % > 5.0 %", "", Map.of("errors", 6));

  /** Over the limit, in too few observations for a verdict. */
  private static final Assessment DOUBTFUL =
      new Assessment(
          Assessment.Kind.HOLD, false, "too few", "error rate 50.0 % > 5.0 %, 5 of 10", Map.of());

  private final MachineDriver canary = new MachineDriver();

  @Test
  void climbsTheLadderInSeventyTwoHoursOfHealth() {
    canary.order(start());
    long first = canary.judgeUntil(PROVEN, c -> c.percentage() == 50, 2 * DAY);
    assertThat(first).isBetween(DAY, DAY + 2 * MachineDriver.TICK);
    long second = canary.judgeUntil(PROVEN, c -> c.percentage() == 100, 3 * DAY);
    assertThat(second).isBetween(2 * DAY, 2 * DAY + 2 * MachineDriver.TICK);
    assertThat(canary.phase()).isEqualTo("full");
    canary.judgeUntil(PROVEN, c -> c.percentage() != 100, HOUR);
    assertThat(canary.percentage()).isEqualTo(100);
    assertThat(canary.alerts())
        .containsExactly(
            "PROMOTION: Advance canary foundry 10 % -> 50 % (canary_50, epoch 1-a, by auto): all"
                + " well",
            "PROMOTION: Advance canary foundry 50 % -> 100 % (full, epoch 1-a, by auto): all well");
  }

  @Test
  void rollsBackByItselfWithItsEvidence() {
    canary.order(start());
    canary.judge(PROVEN);
    canary.judge(BAD);
    assertThat(canary.phase()).isEqualTo("rollback");
    assertThat(canary.percentage()).isZero();
    Transition last = canary.state().history().get(1);
    assertThat(last.evidence()).isEqualTo(Map.of("errors", 6));
    assertThat(last.sentence())
        .isEqualTo(
            "ROLLBACK canary foundry 10 % -> 0 % (rollback, epoch 1-a, by auto): error rate 6.0 %"
                + " > 5.0 %");
    assertThat(canary.alerts()).containsExactly("ROLLBACK: " + last.sentence());
    assertThat(canary.durable().snapshot()).isEqualTo(canary.state().snapshot());
  }

  @Test
  void rollsBackFromTheEndOfTheLadderFromAPauseAndFromAManualShare() {
    for (List<Command> before :
        List.of(
            List.of(start(), advance(), advance()), List.of(start(), pause()), List.of(set(30)))) {
      MachineDriver each = new MachineDriver();
      before.forEach(each::order);
      each.judge(BAD);
      assertThat(each.phase()).isEqualTo("rollback");
    }
  }

  @Test
  void publishesARollbackBeforeItIsDurableAndAnswersAfterIt() {
    canary.order(start());
    canary.slowStore();
    canary.effects().clear();
    long ticket = canary.order(rollback());
    assertThat(canary.effects().get(0)).isInstanceOf(Effect.Publish.class);
    assertThat(canary.effects().get(1)).isInstanceOf(Effect.Mark.class);
    assertThat(canary.done()).isEmpty();
    long again = canary.order(rollback());
    canary.markEnds(true);
    assertThat(canary.done()).containsExactly(ticket, again);
  }

  @Test
  void anAdvanceIsInForceWhenItIsDurableAndNotBefore() {
    canary.order(start());
    canary.slowStore();
    long ticket = canary.order(advance());
    assertThat(canary.percentage()).isEqualTo(10);
    assertThat(canary.done()).doesNotContain(ticket);
    canary.writeEnds(true);
    assertThat(canary.percentage()).isEqualTo(50);
    assertThat(canary.done()).contains(ticket);
  }

  @Test
  void aRollbackThatLandsDuringAnAdvancesWriteWins() {
    canary.order(start());
    canary.slowStore();
    long advance = canary.order(advance());
    canary.order(rollback());
    assertThat(canary.refusal(advance)).isEqualTo("advance: overtaken by a rollback");
    canary.storeEnds();
    assertThat(canary.phase()).isEqualTo("rollback");
    assertThat(canary.percentage()).isZero();
    assertThat(canary.durable().snapshot().percentage()).isZero();
  }

  @Test
  void refusesAChangeWhileAnotherIsBeingWritten() {
    canary.order(start());
    canary.slowStore();
    canary.order(advance());
    assertThat(canary.refusal(canary.order(pause())))
        .isEqualTo("pause: advance is being written (expected: a moment's patience, or rollback)");
  }

  @Test
  void aWriteThatFailsLeavesEverythingAsItWas() {
    canary.order(start());
    canary.slowStore();
    long ticket = canary.order(advance());
    canary.writeEnds(false);
    assertThat(canary.refusal(ticket)).isEqualTo("advance: not written, so not done: no space");
    assertThat(canary.percentage()).isEqualTo(10);
    assertThat(canary.alerts())
        .containsExactly(
            "STATE_NOT_DURABLE: Rollout state cannot be written (no space): it is kept in memory,"
                + " nothing is promoted, rollbacks still work.");
  }

  @Test
  void nothingIsPromotedWhileTheStateIsNotDurableButRollbacksWork() {
    canary.order(start());
    canary.slowStore();
    canary.order(pause());
    canary.writeEnds(false);
    canary.judgeUntil(PROVEN, c -> c.percentage() != 10, 2 * DAY);
    assertThat(canary.percentage()).isEqualTo(10);
    assertThat(canary.refusal(canary.order(advance())))
        .startsWith("advance: the state cannot be written (expected: ");
    long ticket = canary.order(rollback());
    assertThat(canary.percentage()).isZero();
    canary.markEnds(false);
    assertThat(canary.refusal(ticket))
        .isEqualTo(
            "the rollback is in force, but could not be made durable: no space; a restart may"
                + " forget it");
    canary.judgeUntil(HOLD, c -> false, 10_000);
    assertThat(canary.effects(Effect.Mark.class)).as("tried again").hasSizeGreaterThan(1);
  }

  @Test
  void promotesAgainWhenTheStateIsDurableAgain() {
    canary.order(start());
    canary.slowStore();
    canary.order(pause());
    canary.writeEnds(false);
    canary.judgeUntil(HOLD, c -> false, 10_000);
    canary.storeEnds();
    assertThat(canary.alerts()).contains("STATE_DURABLE: Rollout state is writable again.");
    canary.order(advance());
    canary.storeEnds();
    assertThat(canary.percentage()).isEqualTo(50);
  }

  @Test
  void aDiskThatHangsCollectsNoWritesAndPassesForNoneThatWorks() {
    canary.order(start());
    canary.slowStore();
    canary.judgeUntil(PROVEN, c -> false, 2 * HOUR);
    assertThat(canary.effects(Effect.Persist.class)).hasSizeLessThan(4);
    assertThat(canary.alerts()).hasSize(1);
    assertThat(canary.alerts().get(0)).contains("a write has not ended for 10000 ms");
    assertThat(canary.state().durable()).isFalse();
    canary.judge(BAD);
    assertThat(canary.percentage()).isZero();
  }

  @Test
  void theBakeClockRunsOnlyWhileHealthy() {
    canary.order(start());
    for (Assessment stops : List.of(HOLD, BREACHED)) {
      canary.judgeUntil(PROVEN, c -> false, HOUR);
      long before = canary.state().health().healthyMillis();
      canary.judgeUntil(stops, c -> false, 48 * HOUR);
      assertThat(canary.state().health().healthyMillis()).isEqualTo(before);
    }
    assertThat(canary.percentage()).isEqualTo(10);
  }

  @Test
  void neitherMissingDataNorMissingProofPromotes() {
    for (Assessment assessment : List.of(HOLD, UNPROVEN, BREACHED, Assessment.NONE)) {
      MachineDriver each = new MachineDriver();
      each.order(start());
      each.judgeUntil(assessment, c -> c.percentage() != 10, 4 * DAY);
      assertThat(each.percentage()).as(assessment.kind().name()).isEqualTo(10);
    }
  }

  @Test
  void aPauseStopsPromotionAndTheClockUntilItEnds() {
    canary.order(start());
    canary.judgeUntil(PROVEN, c -> false, 23 * HOUR);
    canary.order(pause());
    canary.judgeUntil(PROVEN, c -> false, 2 * DAY);
    assertThat(canary.percentage()).isEqualTo(10);
    canary.order(resume());
    assertThat(canary.judgeUntil(PROVEN, c -> c.percentage() == 50, DAY))
        .isBetween(HOUR - 10_000, HOUR + 10_000);
  }

  @Test
  void aManualShareIsNotPromotedUntilStartOrAdvance() {
    canary.order(set(25));
    canary.judgeUntil(PROVEN, c -> c.percentage() != 25, 5 * DAY);
    assertThat(canary.percentage()).isEqualTo(25);
    canary.order(start());
    assertThat(canary.judgeUntil(PROVEN, c -> c.percentage() == 50, 3 * DAY))
        .isGreaterThanOrEqualTo(2 * DAY);
  }

  @Test
  void isNotRaisedWhileUnhealthy() {
    canary.order(set(30));
    canary.judge(BREACHED);
    for (Command raise : List.of(set(31), advance())) {
      assertThat(canary.refusal(canary.order(raise))).contains(": unhealthy, BREACHED (expected: ");
    }
    canary.order(set(20));
    assertThat(canary.percentage()).isEqualTo(20);
  }

  @Test
  void isNotRaisedWhileTooFewObservationsAreOverTheLimit() {
    canary.order(set(30));
    canary.judge(DOUBTFUL);
    for (Command raise : List.of(set(31), advance())) {
      assertThat(canary.refusal(canary.order(raise)))
          .contains(": unhealthy, error rate 50.0 % > 5.0 %, 5 of 10 (expected: ");
    }
    canary.order(set(20));
    assertThat(canary.percentage()).isEqualTo(20);
  }

  @Test
  void jumpsOfTheWallClockPromoteNothing() {
    canary.order(start());
    for (Duration jump : List.of(Duration.ofDays(400), Duration.ofHours(-2), Duration.ofHours(2))) {
      canary.judge(PROVEN);
      canary.wallClockJumps(jump);
      canary.judge(PROVEN);
    }
    assertThat(canary.percentage()).isEqualTo(10);
    assertThat(canary.state().health().healthyMillis()).isLessThan(60_000);
  }

  @Test
  void timeInWhichNobodyJudgedIsNotHealth() {
    canary.order(start());
    canary.judge(PROVEN);
    canary.pass(3 * DAY);
    canary.judge(PROVEN);
    assertThat(canary.percentage()).isEqualTo(10);
    assertThat(canary.state().health().healthyMillis()).isLessThanOrEqualTo(5_000);
  }

  @Test
  void writesACheckpointEveryMinuteFromWhichARestartGoesOn() {
    canary.order(start());
    canary.judgeUntil(PROVEN, c -> false, HOUR);
    assertThat(canary.durable().healthyMillis()).isBetween(HOUR - 65_000, HOUR);
    Rollout restarted = Rollout.following(canary.durable());
    assertThat(restarted.health().healthyMillis()).isEqualTo(canary.durable().healthyMillis());
    assertThat(restarted.health().assessment()).isEqualTo(Assessment.NONE);
  }

  @Test
  void tellsOnceOfAHoldThatLastsAndAgainOfTheNext() {
    canary.order(start());
    canary.judgeUntil(HOLD, c -> false, HOUR);
    assertThat(canary.alerts()).containsExactly("HOLD: The canary has been held for 600 s: HOLD");
    canary.judge(PROVEN);
    canary.judgeUntil(HOLD, c -> false, HOUR);
    assertThat(canary.effects(Effect.Alarm.class))
        .extracting(alarm -> alarm.alert().kind())
        .containsExactly(Alert.Kind.HOLD, Alert.Kind.HOLD_OVER, Alert.Kind.HOLD);
  }

  @Test
  void tellsOfAStageThatHasBakedAndIsStillNotProven() {
    Assessment unproven =
        new Assessment(Assessment.Kind.HEALTHY, false, "healthy, missing 200 more", "", Map.of());
    canary.order(start());
    canary.judgeUntil(unproven, c -> false, 23 * HOUR);
    assertThat(canary.alerts()).isEmpty();
    canary.judgeUntil(unproven, c -> false, 2 * HOUR);
    assertThat(canary.alerts())
        .containsExactly("HOLD: The canary has been held for 600 s: healthy, missing 200 more");
    assertThat(canary.percentage()).isEqualTo(10);
  }

  @Test
  void tellsOfNoHoldThatAPersonMade() {
    Assessment unproven =
        new Assessment(Assessment.Kind.HEALTHY, false, "healthy, missing 200 more", "", Map.of());
    canary.order(start());
    canary.judgeUntil(unproven, c -> false, 24 * HOUR);
    canary.order(pause());
    canary.judgeUntil(unproven, c -> false, 2 * HOUR);
    assertThat(canary.alerts()).isEmpty();
  }

  /** Alarms go by it: a promotion is not the order of a person. */
  @Test
  void aPromotionAndAnOrderToAdvanceHaveDifferentNames() {
    canary.order(start());
    canary.judgeUntil(PROVEN, c -> c.percentage() == 50, 25 * HOUR);
    canary.order(advance());
    assertThat(canary.effects(Effect.Announce.class))
        .extracting(each -> each.transition().event())
        .containsExactly("start", "promotion", "advance");
  }

  @Test
  void whatAPersonHoldsOrHasBroughtToItsEndIsNoHold() {
    for (List<Command> orders : List.of(List.of(pause()), List.of(set(30)), List.of(set(100)))) {
      MachineDriver each = new MachineDriver();
      each.order(start());
      orders.forEach(each::order);
      each.judgeUntil(HOLD, c -> false, HOUR);
      assertThat(each.alerts()).as("%s", orders).isEmpty();
    }
  }

  /** It has a place at the last stage, of which there is no time. */
  @Test
  void aShareBetweenTheLastStagesHasTheTimeOfTheStageBefore() {
    canary.order(start());
    canary.order(set(60));
    canary.order(start());
    canary.judgeUntil(PROVEN, c -> c.percentage() == 100, 47 * HOUR);
    assertThat(canary.percentage()).isEqualTo(60);
    canary.judgeUntil(PROVEN, c -> c.percentage() == 100, 2 * HOUR);
    assertThat(canary.percentage()).isEqualTo(100);
  }

  /** The state is another leader's to write. */
  @Test
  void whoLosesTheLeadOverABadDiskWaitsForItNoLonger() {
    canary.slowStore();
    canary.order(start());
    canary.writeEnds(false);
    assertThat(canary.state().durable()).isFalse();
    canary.tell(new Input.Follows());
    assertThat(canary.state().durable()).isTrue();
    assertThat(canary.alerts()).last().asString().startsWith("STATE_DURABLE");
  }

  @Test
  void aRollbackThatWasOrderedBeforeAnythingCouldBeReadHolds() {
    Ladder ladder =
        Ladder.of(
            List.of(
                new StageSettings("canary_10", 10, Duration.ofHours(1)),
                new StageSettings("full", 100, null)));
    MachineSettings settings =
        new MachineSettings(ProviderMode.CANARY, 60_000, 5_000, 5_000, 600_000);
    CanaryMachine machine = new CanaryMachine(ladder, settings, "a");
    Time now = new Time(1_000, 1_700_000_000_000L);
    Rollout ordered =
        machine.step(Rollout.unknown(), new Input.Ordered(rollback(), 1), now).after();
    Rollout leads = machine.step(ordered, new Input.Leads(1, Optional.empty()), now).after();
    assertThat(leads.snapshot().rolledBack()).isTrue();
    assertThat(leads.snapshot().rollback().reason()).isEqualTo("errors");
    assertThat(leads.snapshot().isUnknown()).isFalse();
  }

  @Test
  void eachRollbackAndEachStagesHoldIsAnAlertOfItsOwn() {
    canary.order(start());
    canary.order(rollback());
    canary.order(start());
    canary.order(rollback());
    assertThat(canary.effects(Effect.Alarm.class))
        .extracting(
            alarm ->
                "%s: %s, %s"
                    .formatted(
                        alarm.alert().kind().label(),
                        alarm.alert().subject(),
                        alarm.alert().occasion()))
        .containsExactly(
            "rollback: canary foundry, epoch 1-a, change 2",
            "rollback_over: canary foundry, epoch 2-a, change 1",
            "rollback: canary foundry, epoch 2-a, change 2");
  }

  @Test
  void aResetAfterARollbackIsItsEndToo() {
    canary.order(start());
    canary.order(new Command.Reset("api", "reset"));
    canary.order(start());
    canary.order(rollback());
    canary.order(new Command.Reset("api", "reset"));
    assertThat(canary.effects(Effect.Alarm.class))
        .extracting(alarm -> alarm.alert().kind())
        .containsExactly(Alert.Kind.ROLLBACK, Alert.Kind.ROLLBACK_OVER);
  }

  @Test
  void tellsOfABreachOnceWhenItBegins() {
    canary.order(start());
    canary.judgeUntil(BREACHED, c -> false, 60_000);
    assertThat(canary.alerts()).containsExactly("THRESHOLD: Foundry exceeds a limit: BREACHED");
  }

  @Test
  void inModeFoundryVerdictsOnlyAlertAndInModeLegacyNothingIsJudged() {
    MachineDriver foundry = new MachineDriver(ProviderMode.FOUNDRY);
    foundry.order(start());
    foundry.judge(BAD);
    foundry.judge(BAD);
    assertThat(foundry.percentage()).isEqualTo(10);
    assertThat(foundry.alerts())
        .containsExactly("THRESHOLD: Foundry exceeds a limit: error rate 6.0 % > 5.0 %");
    MachineDriver legacy = new MachineDriver(ProviderMode.LEGACY);
    legacy.order(start());
    legacy.judge(BAD);
    assertThat(legacy.percentage()).isEqualTo(10);
    assertThat(legacy.alerts()).isEmpty();
  }

  /** Voters may take what was handed to them after its writer has lost the lead. */
  @Test
  void whatWasBeingWrittenWhenTheLeadWasLostMayComeIntoForceYet() {
    canary.order(start());
    canary.slowStore();
    long ticket = canary.order(advance());
    canary.tell(new Input.Follows());
    assertThat(canary.refusal(ticket))
        .isEqualTo(
            "advance: the lead was lost while it was written: it may come into force yet (expected:"
                + " a look at the state, then another try)");
    assertThat(canary.effects(Effect.Refused.class)).noneMatch(Effect.Refused::conflict);
  }

  @Test
  void aWriteOfWhichNobodyKnowsIsNoNo() {
    canary.order(start());
    canary.slowStore();
    long ticket = canary.order(advance());
    long write = canary.state().pending().write();
    canary.tell(new Input.NotWritten(write, "no majority has answered", true));
    assertThat(canary.refusal(ticket))
        .isEqualTo(
            "advance: it may come into force yet, for no majority has answered (expected: a look at"
                + " the state, then another try)");
  }

  @Test
  void aFollowerMayRollBackAndNothingElse() {
    canary.order(start());
    canary.tell(new Input.Follows());
    assertThat(canary.refusal(canary.order(advance())))
        .isEqualTo("advance: another replica leads (expected: its admin port, or rollback)");
    canary.judgeUntil(PROVEN, c -> c.percentage() != 10, 2 * DAY);
    assertThat(canary.percentage()).isEqualTo(10);
    canary.judge(BAD);
    assertThat(canary.percentage()).isZero();
    assertThat(canary.effects(Effect.Mark.class)).hasSize(1);
  }

  @Test
  void aNewLeaderGoesOnWhereTheLastOneLeftOff() {
    canary.order(start());
    canary.judgeUntil(PROVEN, c -> false, HOUR);
    MachineDriver next = new MachineDriver();
    next.tell(new Input.Follows());
    next.tell(new Input.Leads(7, Optional.of(canary.durable())));
    assertThat(next.state().snapshot()).isEqualTo(canary.state().snapshot());
    assertThat(next.state().health().healthyMillis()).isEqualTo(canary.durable().healthyMillis());
    next.order(advance());
    assertThat(next.state().snapshot().position().term()).isEqualTo(7);
  }

  @Test
  void learnsARollbackFromAnotherReplicaAtOnce() {
    canary.order(start());
    canary.slowStore();
    long advance = canary.order(advance());
    CanarySnapshot now = canary.state().snapshot();
    RollbackRecord record = new RollbackRecord(9, "b", 1, 10, "auto", "errors");
    canary.tell(learned(new CanarySnapshot(now.epoch(), record, now.position())));
    assertThat(canary.percentage()).isZero();
    assertThat(canary.refusal(advance)).isEqualTo("advance: overtaken by another replica");
    canary.storeEnds();
    assertThat(canary.percentage()).isZero();
  }

  private static Input learned(CanarySnapshot snapshot) {
    return new Input.Learned(new Saved(snapshot, 0, OptionalInt.empty(), Map.of(), List.of()));
  }

  @Test
  void aRollbackThatLandsWhileANewAttemptIsWrittenRollsThatBackToo() {
    canary.order(start());
    canary.order(rollback());
    canary.slowStore();
    long start = canary.order(start());
    long rollback = canary.order(rollback());
    assertThat(canary.refusal(start)).isEqualTo("start: overtaken by a rollback");
    canary.writeEnds(true);
    assertThat(canary.percentage()).as("its write became visible").isZero();
    assertThat(canary.done()).doesNotContain(rollback);
    canary.storeEnds();
    assertThat(canary.done()).contains(rollback);
    assertThat(canary.phase()).isEqualTo("rollback");
    assertThat(canary.state().snapshot().epoch().number()).isEqualTo(2);
    assertThat(canary.durable().snapshot().rolledBack()).isTrue();
  }

  @Test
  void aRollbackThatOnlyItsMarkerTellsOfStaysInTheHistoryOfALeader() {
    canary.order(start());
    Saved before = canary.durable();
    canary.order(rollback());
    Transition marker = canary.state().history().get(1);
    MachineDriver next = new MachineDriver();
    next.tell(new Input.Follows());
    next.tell(new Input.Learned(before));
    next.tell(new Input.MarkerSeen(marker));
    next.tell(new Input.Leads(2, Optional.of(before)));
    assertThat(next.phase()).isEqualTo("rollback");
    assertThat(next.state().history()).containsExactly(before.history().get(0), marker);
  }

  @Test
  void aMarkerOfANewerEpochCountsForWhoIsRolledBackInAnOlderOne() {
    canary.order(start());
    canary.order(rollback());
    MachineDriver follower = new MachineDriver();
    follower.tell(new Input.Follows());
    follower.tell(new Input.Learned(canary.durable()));
    canary.order(start());
    Saved beforeItsRollback = canary.durable();
    canary.order(rollback());
    Transition marker = canary.state().history().get(3);
    assertThat(marker.after().epoch().number()).isEqualTo(2);
    follower.tell(new Input.MarkerSeen(marker));
    follower.tell(new Input.Leads(2, Optional.of(beforeItsRollback)));
    assertThat(follower.percentage()).isZero();
    assertThat(follower.phase()).isEqualTo("rollback");
    assertThat(follower.state().snapshot().epoch().number()).isEqualTo(2);
  }

  @Test
  void replicasThatRolledBackAtOnceKeepTheSameRecordAndDoNotTellOfItTwice() {
    canary.order(start());
    canary.order(rollback());
    Transition mine = canary.state().history().get(1);
    RollbackRecord other = new RollbackRecord(0, "0", 5, 10, Command.AUTO, "seen elsewhere");
    Transition theirs =
        new Transition(
            Transition.Action.ROLLBACK,
            mine.before(),
            new CanarySnapshot(mine.after().epoch(), other, mine.after().position()),
            Command.AUTO,
            "seen elsewhere",
            5,
            Map.of());
    int alerts = canary.alerts().size();
    canary.tell(new Input.MarkerSeen(theirs));
    assertThat(canary.state().snapshot().rollback()).isEqualTo(other);
    assertThat(canary.alerts()).hasSize(alerts);
    canary.tell(new Input.MarkerSeen(mine));
    assertThat(canary.state().snapshot().rollback()).isEqualTo(other);
  }

  @Test
  void whatIsBadOfAShareStandsAgainstRaisingTheNextOneUntilThatIsJudged() {
    canary.order(start());
    canary.order(advance());
    canary.judge(BREACHED);
    canary.order(set(49));
    assertThat(canary.percentage()).as("lowering is always allowed").isEqualTo(49);
    canary.order(set(100));
    assertThat(canary.percentage()).as("nothing was judged since").isEqualTo(49);
    canary.judge(PROVEN);
    canary.order(set(100));
    assertThat(canary.percentage()).isEqualTo(100);
  }

  @Test
  void aFollowersMarkerThatIsWrittenAtLastEndsItsAlarm() {
    canary.order(start());
    MachineDriver follower = new MachineDriver();
    follower.tell(new Input.Follows());
    follower.tell(new Input.Learned(canary.durable()));
    follower.slowStore();
    follower.order(rollback());
    Epoch epoch = follower.state().snapshot().epoch();
    follower.tell(new Input.NotMarked(epoch, "no space"));
    assertThat(follower.state().durable()).isFalse();
    follower.tell(new Input.Marked(epoch));
    assertThat(follower.state().durable()).isTrue();
    assertThat(follower.alerts()).last().asString().startsWith("STATE_DURABLE: ");
  }

  @Test
  void aStateThatCouldNotBeReadIsARollbackInTheHistory() {
    Rollout lost = Rollout.damaged(new Epoch(4, "a"), "state.json: checksum", new Time(1, 99));
    assertThat(lost.snapshot().percentage()).isZero();
    assertThat(lost.history()).hasSize(1);
    Transition only = lost.history().get(0);
    assertThat(only.action()).isEqualTo(Transition.Action.ROLLBACK);
    assertThat(only.after()).isEqualTo(lost.snapshot());
    assertThat(only.at()).isEqualTo(99);
    assertThat(only.sentence()).contains("epoch 4-a", "state.json: checksum");
  }

  @Test
  void aFollowerKnowsTheHistoryOfItsLeader() {
    canary.order(start());
    MachineDriver follower = new MachineDriver();
    follower.tell(new Input.Follows());
    follower.tell(new Input.Learned(canary.durable()));
    assertThat(follower.state().history()).isEqualTo(canary.state().history());
    assertThat(follower.percentage()).isEqualTo(10);
  }

  @Test
  void aStageIsFoundByItsNameOnAnotherLadder() {
    canary.order(start());
    canary.order(advance());
    MachineDriver shorter =
        MachineDriver.on(
            new StageSettings("canary_50", 50, Duration.ofHours(48)),
            new StageSettings("full", 100, null));
    shorter.tell(new Input.Leads(2, Optional.of(canary.durable())));
    assertThat(shorter.state().snapshot().stage()).isZero();
    shorter.judgeUntil(PROVEN, c -> c.percentage() != 50, DAY);
    assertThat(shorter.percentage()).as("its own bake holds").isEqualTo(50);
    MachineDriver without =
        MachineDriver.on(
            new StageSettings("other", 20, Duration.ofHours(1)),
            new StageSettings("full", 100, null));
    without.tell(new Input.Leads(2, Optional.of(canary.durable())));
    assertThat(without.percentage()).isEqualTo(50);
    without.judgeUntil(PROVEN, c -> c.percentage() != 50, 5 * DAY);
    assertThat(without.percentage()).as("no such stage: as if set by hand").isEqualTo(50);
  }

  @Test
  void tellsOfARollbackThatARestartWouldForgetThoughTheDiskFailedBefore() {
    canary.order(start());
    canary.slowStore();
    canary.order(pause());
    canary.writeEnds(false);
    canary.judge(BAD);
    canary.markEnds(false);
    canary.judgeUntil(HOLD, c -> false, 20_000);
    assertThat(canary.effects(Effect.Mark.class)).as("one under way at a time").hasSize(2);
    assertThat(canary.alerts())
        .filteredOn(alert -> alert.contains("a restart may forget it"))
        .hasSize(1);
  }

  @Test
  void inModeLegacyAWriteThatFailedIsTriedAgain() {
    MachineDriver legacy = new MachineDriver(ProviderMode.LEGACY);
    legacy.order(start());
    legacy.slowStore();
    legacy.order(pause());
    legacy.writeEnds(false);
    legacy.judgeUntil(HOLD, c -> false, 20_000);
    legacy.storeEnds();
    assertThat(legacy.state().durable()).isTrue();
    assertThat(new MachineDriver(ProviderMode.LEGACY).durable()).as("untouched").isNull();
  }

  @Test
  void keepsTheLatestHundredTransitions() {
    for (int i = 0; i < 70; i++) {
      canary.order(set(20));
      canary.order(set(30));
    }
    assertThat(canary.state().history()).hasSize(Saved.MOST_TRANSITIONS);
    assertThat(canary.durable().history()).isEqualTo(canary.state().history());
  }
}
