package com.huntaze.rollout.failover;

import static com.huntaze.rollout.outcome.BreakerResult.FAILURE;
import static com.huntaze.rollout.outcome.BreakerResult.NEUTRAL;
import static com.huntaze.rollout.outcome.BreakerResult.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.failover.BreakerState.Closed;
import com.huntaze.rollout.failover.BreakerState.HalfOpen;
import com.huntaze.rollout.failover.BreakerState.Open;
import com.huntaze.rollout.outcome.BreakerResult;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BreakerMachineTest {
  private static final Permit OLD = new Permit(0, false);
  private static final Permit FROM = new Permit(0, false, 0, false, 100);

  /** Of whom nothing is known: the hash is 0. */
  private static final FailedUsers NOBODY = FailedUsers.NONE.with(0);

  private final BreakerMachine machine =
      new BreakerMachine(new CircuitBreakerSettings(2, Duration.ofSeconds(30)));

  private BreakerState after(BreakerState state, BreakerResult... results) {
    BreakerState now = state;
    for (BreakerResult result : results) {
      Admission admission = machine.admit(now, Asking.of(Standing.REPLACEABLE), 100);
      now = machine.result(admission.state(), admission.permit().orElseThrow(), result, 100);
    }
    return now;
  }

  private static Open open(long generation, int failedTrials) {
    return new Open(
        generation,
        100,
        30_100,
        Trials.none(Trials.FULL_SHARE),
        failedTrials,
        NOBODY,
        EarlierFailures.NONE);
  }

  /** An exchange of a user that fails, with as many retries. */
  private BreakerState fails(BreakerState state, long user, int retries) {
    BreakerState now = state;
    for (int attempt = 0; attempt <= retries; attempt++) {
      Asking asking = new Asking(Standing.REPLACEABLE, user, attempt > 0, false);
      Admission admission = machine.admit(now, asking, 100);
      now = machine.result(admission.state(), admission.permit().orElseThrow(), FAILURE, 100);
    }
    return now;
  }

  @Test
  void theRetriesOfOneExchangeAreOneFailure() {
    BreakerState once = fails(machine.initial(), 7, 3);
    assertThat(once)
        .isEqualTo(
            new Closed(
                0,
                1,
                Trials.FULL_SHARE,
                FailedUsers.NONE.with(7),
                RecentResults.NONE.failed(new Permit(0, false, 7, false, 100))));
    assertThat(fails(once, 8, 0)).isInstanceOf(Open.class);
  }

  @Test
  void anOpenBreakerKnowsWhoseFailuresOpenedItAndWhoseTrialsFailed() {
    BreakerState open = fails(fails(machine.initial(), 7, 0), 7, 0);
    assertThat(open.users().count()).isEqualTo(1);
    BreakerState half = machine.halfOpen(open, open.generation());
    BreakerState again = fails(half, 9, 0);
    assertThat(again.users().count()).isEqualTo(2);
    BreakerState closed = after(machine.halfOpen(again, again.generation()), SUCCESS);
    assertThat(closed.users().count()).isZero();
  }

  @Test
  void theTrialIsAnotherUsersWhereThereIsOneAndAnyonesAfterAnotherResetTimeout() {
    BreakerState open = fails(fails(machine.initial(), 7, 0), 7, 0);
    BreakerState half = machine.halfOpen(open, open.generation());
    assertThat(trial(half, 7, true, 30_100)).isFalse();
    assertThat(trial(half, 8, true, 30_100)).isTrue();
    assertThat(trial(half, 7, false, 30_100)).isTrue();
    assertThat(trial(half, 7, true, 60_100)).isTrue();
  }

  private boolean trial(BreakerState half, long user, boolean others, long nowMillis) {
    Asking asking = new Asking(Standing.REPLACEABLE, user, false, others);
    return machine.admit(half, asking, nowMillis).permit().isPresent();
  }

  @Test
  void backoffDoublesTheWaitForEachFailedTrialUpToTheResetTimeout() {
    BreakerMachine backoff =
        new BreakerMachine(
            new CircuitBreakerSettings(1, Duration.ofSeconds(30), TrialPace.BACKOFF));
    BreakerState now = backoff.initial();
    for (long seconds : new long[] {1, 2, 4, 8, 16, 30, 30}) {
      Admission admission = backoff.admit(now, Asking.of(Standing.REPLACEABLE), 100);
      now = backoff.result(admission.state(), admission.permit().orElseThrow(), FAILURE, 100);
      assertThat(((Open) now).trialsFromMillis()).isEqualTo(100 + 1_000 * seconds);
      now = backoff.halfOpen(now, now.generation());
    }
  }

  @Test
  void opensAfterConsecutiveFailuresForItsResetTimeout() {
    assertThat(after(machine.initial(), FAILURE, FAILURE)).isEqualTo(open(1, 0));
  }

  @Test
  void startsCountingAgainAfterASuccessButNotAfterANeutralResult() {
    assertThat(after(machine.initial(), FAILURE, SUCCESS, FAILURE))
        .isEqualTo(
            new Closed(
                0,
                1,
                Trials.FULL_SHARE,
                NOBODY,
                RecentResults.NONE.failed(FROM).succeeded(FROM).failed(FROM)));
    assertThat(after(machine.initial(), FAILURE, NEUTRAL, FAILURE)).isInstanceOf(Open.class);
  }

  /** The results of requests: {@code +2} = one that began then succeeded, {@code -2} = failed. */
  private BreakerState results(BreakerState state, int... from) {
    BreakerState now = state;
    for (int each : from) {
      now = result(now, each > 0 ? SUCCESS : FAILURE, Math.abs(each), Math.abs(each));
    }
    return now;
  }

  private BreakerState result(BreakerState state, BreakerResult result, long user, long from) {
    Asking asking = new Asking(Standing.REPLACEABLE, user, false, false);
    Admission admission = machine.admit(state, asking, from);
    return machine.result(admission.state(), admission.permit().orElseThrow(), result, from + 800);
  }

  private static int earlier(BreakerState state) {
    return ((Open) state).earlier().proven();
  }

  @Test
  void anOpenBreakerKnowsHowManyUsersHadFailedWhileOthersSucceeded() {
    BreakerState open = results(machine.initial(), -1, 2, -3, 4, -5, -6);
    assertThat(earlier(open)).isEqualTo(2);
    // A trial that fails is evidence of another kind.
    BreakerState half = machine.halfOpen(open, open.generation());
    assertThat(earlier(after(half, FAILURE))).isZero();
  }

  /** An outage that answers at once: the good answers from before it come in between. */
  @Test
  void successesThatBeganBeforeTheFailuresAreNoneAmongThem() {
    assertThat(earlier(results(machine.initial(), -800, 1, -801, 799, -802, -803))).isZero();
  }

  /** The end of a blip whose answers are overtaken by those of a Foundry that is well again. */
  @Test
  void aSuccessThatBeganAfterTheLastFailuresIsNoneBetweenThemAndTheOthers() {
    assertThat(earlier(results(machine.initial(), -1, 300, -3, 301, -298, -299))).isZero();
  }

  @Test
  void oneUserWhoFailsAgainAndAgainIsNoneWhoHasFailedBefore() {
    BreakerState state = machine.initial();
    for (int i = 0; i < 5; i++) {
      state = result(state, FAILURE, 7, 2 * i);
      state = result(state, SUCCESS, 100 + i, 2 * i + 1);
    }
    assertThat(earlier(results(state, -50, -51))).isZero();
    // Nor who is among the last ones: it may be his failures that opened it.
    BreakerState once = result(results(machine.initial(), -1, 2, -3, 4), FAILURE, 3, 5);
    assertThat(earlier(result(once, FAILURE, 8, 6))).isEqualTo(1);
  }

  @Test
  void whoFailedShortlyBeforeMakesNoTrialWhileThereAreOthers() {
    BreakerState loop = result(results(machine.initial(), 1), FAILURE, 7, 2);
    BreakerState open = results(loop, 3, -4, -5);
    BreakerState half = machine.halfOpen(open, open.generation());
    Asking his = new Asking(Standing.REPLACEABLE, 7, false, true);
    Asking another = new Asking(Standing.REPLACEABLE, 8, false, true);
    assertThat(machine.admit(half, his, 30_900).permit()).isEmpty();
    assertThat(machine.admit(half, another, 30_900).permit()).isPresent();
    // Nor the next one, after a trial that failed.
    Admission trial = machine.admit(half, another, 30_900);
    Open again = (Open) machine.result(trial.state(), trial.permit().get(), FAILURE, 30_900);
    BreakerState later = machine.halfOpen(again, again.generation());
    assertThat(machine.admit(later, his, 61_000).permit()).isEmpty();
  }

  @Test
  void whatIsTwentyRequestsAgoIsForgotten() {
    int[] well = IntStream.rangeClosed(2, RecentResults.MANY - 2).toArray();
    BreakerState state = results(results(machine.initial(), -1), well);
    assertThat(earlier(results(state, -90, -91))).isEqualTo(1);
    state = results(state, 50);
    assertThat(earlier(results(state, -90, -91))).isZero();
    assertThat(results(state, 51, 52)).isEqualTo(machine.initial());
  }

  @Test
  void admitsNothingWhileOpen() {
    Open open = new Open(1, 100, 30_100);
    assertThat(machine.admit(open, Asking.of(Standing.REPLACEABLE), 100).permit()).isEmpty();
    assertThat(machine.admit(open, Asking.of(Standing.REPLACEABLE), 100).state()).isSameAs(open);
  }

  @Test
  void admitsOneTrialAtATime() {
    Admission first = machine.admit(new HalfOpen(2, false), Asking.of(Standing.REPLACEABLE), 100);
    assertThat(first.permit()).contains(new Permit(2, true, 0, false, 100));
    assertThat(machine.admit(first.state(), Asking.of(Standing.REPLACEABLE), 100).permit())
        .isEmpty();
  }

  private static BreakerState failing(BreakerMachine machine, BreakerState state, int trials) {
    BreakerState now = state;
    for (int i = 0; i < trials; i++) {
      Admission trial = machine.admit(now, Asking.of(Standing.LAST_RESORT), 100);
      now = machine.result(trial.state(), trial.permit().orElseThrow(), FAILURE, 100);
    }
    return now;
  }

  private int admitted(BreakerState state, long nowMillis) {
    BreakerState now = state;
    for (int count = 0; ; count++) {
      Admission admission = machine.admit(now, Asking.of(Standing.LAST_RESORT), nowMillis);
      if (admission.permit().isEmpty()) {
        return count;
      }
      now = admission.state();
    }
  }

  @Test
  void letsABoundedShareThroughToTheLastResort() {
    Open open = new Open(1, 100, 30_100);
    assertThat(admitted(open, 100)).isEqualTo(Trials.FULL_SHARE);
    assertThat(admitted(new HalfOpen(2, false), 100)).isEqualTo(Trials.FULL_SHARE);
  }

  @Test
  void halvesTheShareWithEachFailureAndStaysOpenForAsLong() {
    BreakerState failed = failing(machine, new Open(1, 100, 30_100), 2);
    assertThat(admitted(failed, 100)).isEqualTo(Trials.FULL_SHARE / 4);
    assertThat(failed.generation()).isEqualTo(1);
    assertThat(((Open) failed).trialsFromMillis()).isEqualTo(30_100);
    assertThat(admitted(failing(machine, failed, 20), 100)).isEqualTo(1);
  }

  @Test
  void closesTheLastResortAtItsFirstSuccessAndRemembersTheShare() {
    Admission trial =
        machine.admit(
            failing(machine, new Open(1, 100, 30_100), 3), Asking.of(Standing.LAST_RESORT), 100);
    BreakerState closed = machine.result(trial.state(), trial.permit().orElseThrow(), SUCCESS, 100);
    assertThat(closed).isEqualTo(new Closed(2, 0, Trials.FULL_SHARE / 4));
    assertThat(admitted(after(closed, FAILURE, FAILURE), 100)).isEqualTo(Trials.FULL_SHARE / 4);
  }

  @Test
  void givesTheLastResortItsShareBackWithTheSuccessesThatFollow() {
    BreakerState closed = after(new Closed(2, 0, 4), SUCCESS, FAILURE, SUCCESS);
    RecentResults failedOnce = RecentResults.NONE.failed(FROM).succeeded(FROM);
    assertThat(closed).isEqualTo(new Closed(2, 0, Trials.FULL_SHARE, FailedUsers.NONE, failedOnce));
    assertThat(admitted(after(closed, FAILURE, FAILURE), 100)).isEqualTo(Trials.FULL_SHARE);
    BreakerState quiet = new Closed(2, 0);
    assertThat(after(quiet, SUCCESS)).isSameAs(quiet);
  }

  @Test
  void asksAHangingLastResortOnceMoreEachSecond() {
    BreakerState hangs = new Open(1, 100, 30_100, new Trials(40, 1, 5_000));
    assertThat(admitted(hangs, 5_999)).isZero();
    assertThat(admitted(hangs, 6_000)).isEqualTo(1);
  }

  @Test
  void givesASecondChanceOneTrialAtATimeAndRestsAfterIt() {
    Admission first =
        machine.admit(new Open(1, 100, 30_100), Asking.of(Standing.SECOND_CHANCE), 100);
    Permit permit = first.permit().orElseThrow();
    assertThat(machine.admit(first.state(), Asking.of(Standing.SECOND_CHANCE), 9_000).permit())
        .isEmpty();
    BreakerState failed = machine.result(first.state(), permit, FAILURE, 150);
    assertThat(machine.admit(failed, Asking.of(Standing.SECOND_CHANCE), 199).permit()).isEmpty();
    assertThat(machine.admit(failed, Asking.of(Standing.SECOND_CHANCE), 200).permit()).isPresent();
    assertThat(machine.result(first.state(), permit, SUCCESS, 150)).isInstanceOf(Closed.class);
  }

  @Test
  void closesOnASuccessfulTrialAndOpensOnAFailedOne() {
    HalfOpen halfOpen = new HalfOpen(2, false);
    assertThat(after(halfOpen, SUCCESS)).isEqualTo(new Closed(3, 0));
    assertThat(after(halfOpen, FAILURE)).isEqualTo(open(3, 1));
  }

  @Test
  void freesThePlaceOfANeutralTrialOnce() {
    Admission trial = machine.admit(new HalfOpen(2, false), Asking.of(Standing.REPLACEABLE), 100);
    Permit permit = trial.permit().orElseThrow();
    BreakerState freed = machine.result(trial.state(), permit, NEUTRAL, 100);
    assertThat(freed).isEqualTo(new HalfOpen(3, false));
    BreakerState next = machine.admit(freed, Asking.of(Standing.REPLACEABLE), 100).state();
    assertThat(machine.result(next, permit, SUCCESS, 100)).isSameAs(next);
  }

  @Test
  void lateResultsOfAnOlderGenerationChangeNothing() {
    HalfOpen trial = new HalfOpen(2, true);
    assertThat(machine.result(trial, OLD, FAILURE, 100)).isSameAs(trial);
    Closed closed = new Closed(3, 1);
    assertThat(machine.result(closed, OLD, SUCCESS, 100)).isSameAs(closed);
  }

  @Test
  void aTimerOfAnOlderGenerationChangesNothing() {
    Open open = new Open(3, 100, 30_100);
    assertThat(machine.halfOpen(open, 1)).isSameAs(open);
    assertThat(machine.halfOpen(open, 3))
        .isEqualTo(
            new HalfOpen(
                4,
                Trials.none(Trials.FULL_SHARE),
                30_100,
                0,
                FailedUsers.NONE,
                EarlierFailures.NONE));
    Closed closed = new Closed(3, 0);
    assertThat(machine.halfOpen(closed, 3)).isSameAs(closed);
  }
}
