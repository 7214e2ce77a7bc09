package com.huntaze.rollout.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.lease.LeaseMachine.Step;
import com.huntaze.rollout.lease.LeaseMachine.Verdict;
import org.junit.jupiter.api.Test;

/** The verdicts of one replica on the lease, by durations of its own clock. */
class LeaseMachineTest {
  private static final LeaseTimes TIMES = new LeaseTimes(3_000, 500, 1_000);
  private static final LeaseRecord OTHER = new LeaseRecord(7, "b", 3, false);

  private final LeaseMachine fresh = LeaseMachine.of(TIMES, "a");

  private static Verdict verdict(LeaseMachine machine, LeaseRecord record, long now) {
    return machine.step(record, false, now).verdict();
  }

  private LeaseMachine holder(long began) {
    return fresh.wrote(new LeaseRecord(8, "a", 1, false), began);
  }

  @Test
  void triesAtOnceWhereNobodyEverLedAndWhereTheLeaseWasGivenBack() {
    assertThat(verdict(fresh, null, 5)).isEqualTo(Verdict.TRY);
    assertThat(verdict(fresh, OTHER.end(), 5)).isEqualTo(Verdict.TRY);
  }

  @Test
  void waitsForTheWholeLeaseFromWhenItHasSeenABeat() {
    LeaseMachine seen = fresh.step(OTHER, false, 1_000_000).next();
    assertThat(verdict(seen, OTHER, 1_002_999)).isEqualTo(Verdict.WAIT);
    assertThat(verdict(seen, OTHER, 1_003_000)).isEqualTo(Verdict.TRY);
    LeaseMachine again = seen.step(OTHER.next(), false, 1_002_999).next();
    assertThat(verdict(again, OTHER.next(), 1_005_998)).isEqualTo(Verdict.WAIT);
    assertThat(verdict(again, OTHER.next(), 1_005_999)).isEqualTo(Verdict.TRY);
  }

  @Test
  void aHolderWhoseProcessHasEndedIsWaitedForUntilTwoOfItsBeatsAreMissing() {
    LeaseMachine seen = fresh.step(OTHER, true, 0).next();
    assertThat(seen.step(OTHER, true, 999).verdict()).isEqualTo(Verdict.WAIT);
    assertThat(seen.step(OTHER, true, 1_000).verdict()).isEqualTo(Verdict.TRY);
    assertThat(seen.step(OTHER, false, 1_000).verdict()).isEqualTo(Verdict.WAIT);
  }

  @Test
  void aRecordOfALowerTermOrAnEarlierBeatIsNoSignOfLife() {
    LeaseMachine seen = fresh.step(OTHER, false, 0).next();
    for (LeaseRecord late :
        new LeaseRecord[] {
          new LeaseRecord(6, "c", 99, false),
          new LeaseRecord(6, "c", 99, true),
          new LeaseRecord(7, "b", 2, false)
        }) {
      Step step = seen.step(late, false, 2_999);
      assertThat(step.verdict()).isEqualTo(Verdict.WAIT);
      assertThat(verdict(step.next(), late, 3_000)).isEqualTo(Verdict.TRY);
    }
  }

  @Test
  void holdsForTwoThirdsOfTheLeaseFromBeforeItsBeatWasWritten() {
    LeaseMachine holder = holder(10_000);
    LeaseRecord own = holder.own();
    assertThat(verdict(holder, own, 10_499)).isEqualTo(Verdict.HOLD);
    assertThat(verdict(holder, own, 10_500)).isEqualTo(Verdict.BEAT);
    assertThat(holder.holds(11_999)).isTrue();
    assertThat(holder.holds(12_000)).isFalse();
    assertThat(verdict(holder, own, 12_000)).isEqualTo(Verdict.STOP);
    assertThat(holder.blind(11_999).verdict()).isEqualTo(Verdict.BEAT);
    assertThat(holder.blind(12_000).verdict()).isEqualTo(Verdict.STOP);
  }

  @Test
  void stopsAtOnceWhenAnotherLeads() {
    Step step = holder(10_000).step(new LeaseRecord(9, "b", 1, false), false, 10_001);
    assertThat(step.verdict()).isEqualTo(Verdict.STOP);
    assertThat(step.next().holds(10_001)).isFalse();
    assertThat(step.next().term()).isZero();
  }

  @Test
  void aLowerTermThatWasWrittenOverItsRecordStopsNoHolder() {
    Step step = holder(10_000).step(new LeaseRecord(6, "c", 99, false), false, 10_100);
    assertThat(step.verdict()).isEqualTo(Verdict.HOLD);
  }

  @Test
  void whoHasStoppedTakesItAgainOnlyByAHigherTermAndAfterAWholeLease() {
    LeaseMachine stopped = holder(10_000).step(null, false, 12_000).next();
    assertThat(verdict(stopped, null, 12_999)).isEqualTo(Verdict.WAIT);
    assertThat(verdict(stopped, null, 13_000)).isEqualTo(Verdict.TRY);
    assertThat(stopped.candidate(0).term()).isEqualTo(9);
    assertThat(stopped.candidate(20).term()).isEqualTo(21);
  }

  @Test
  void aBeatThatMayHaveBeenSeenIsNeverWrittenTwice() {
    LeaseMachine holder = holder(10_000);
    LeaseRecord tried = holder.own().next();
    LeaseMachine failed = holder.writes(tried);
    assertThat(failed.own().next().beat()).isGreaterThan(tried.beat());
    assertThat(failed.holds(12_000)).as("what is not known to be seen buys no time").isFalse();
  }

  @Test
  void refusesTimesInWhichNoHolderCouldBeat() {
    assertThatThrownBy(() -> new LeaseTimes(1_000, 500, 1_000))
        .hasMessage(
            "lease 1000 ms, grace 1000 ms, beat 500 ms (expected: each at least twice the next)");
  }
}
