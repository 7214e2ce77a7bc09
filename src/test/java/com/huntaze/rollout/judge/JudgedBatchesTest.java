package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Batches of exchanges of a process, in whatever order and however often they come. */
class JudgedBatchesTest {
  private static final long MINUTE = 60_000;

  private HealthJudge judge = judge(Health.PLAN);

  private static HealthJudge judge(RolloutPlan plan) {
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, plan);
    judge.stageBegan("1-a", 0, 0, 0);
    return judge;
  }

  private static ExchangeBatch batch(String source, long number, long base, long age) {
    Compared.Origin origin =
        new Compared.Origin(Provider.FOUNDRY, "1-a", 0, number, 0, ExchangeKind.UNKNOWN);
    Compared ended = new Compared(origin, Meaning.COMPLETE.outcome(), 80, false, 5, 5);
    return new ExchangeBatch(source, number, base, age, List.of(ended), List.of());
  }

  private long taken(long number, long base) {
    return judge.take(batch("replica-a", number, base, 0));
  }

  private static long compared(HealthJudge of, Trait trait) {
    return of.checkpoint().differences().ofFoundry().get(trait.ordinal());
  }

  @Test
  void eachCountsOnceAndInItsOrder() {
    assertThat(taken(1, 1)).isEqualTo(1);
    assertThat(taken(1, 1)).isEqualTo(1);
    assertThat(taken(3, 1)).isEqualTo(1);
    assertThat(taken(2, 1)).isEqualTo(2);
    assertThat(taken(3, 1)).isEqualTo(3);
    assertThat(taken(2, 2)).isEqualTo(3);
    assertThat(judge.take(batch("replica-b", 1, 1, 0))).isEqualTo(1);
    assertThat(compared(judge, Trait.ERRORS)).isEqualTo(4);
  }

  /** It will never come: its source has it no more. */
  @Test
  void nobodyWaitsForOneThatIsGone() {
    assertThat(taken(1, 1)).isEqualTo(1);
    assertThat(taken(5, 4)).isEqualTo(3);
    assertThat(taken(4, 4)).isEqualTo(4);
    assertThat(judge.take(ExchangeBatch.none("replica-a", 9))).isEqualTo(8);
    assertThat(compared(judge, Trait.ERRORS)).isEqualTo(2);
  }

  @Test
  void aCheckpointKnowsWhichOnesItHas() {
    LongStream.rangeClosed(1, 30).forEach(number -> taken(number, 1));
    JudgeCheckpoint checkpoint = judge.checkpoint();
    taken(31, 1);
    judge = judge(Health.PLAN);
    judge.restore(checkpoint, 0);
    assertThat(taken(30, 1)).isEqualTo(30);
    assertThat(taken(32, 1)).isEqualTo(30);
    assertThat(taken(31, 1)).isEqualTo(31);
    assertThat(compared(judge, Trait.ERRORS)).isEqualTo(31);
    HealthJudge next = judge(Health.PLAN);
    next.takeOver(judge, 0);
    assertThat(next.take(batch("replica-a", 31, 1, 0))).isEqualTo(31);
    assertThat(compared(next, Trait.ERRORS)).isEqualTo(31);
  }

  /** A stage that has been warm for hours is warm for a new leader, too. */
  @Test
  void aTakeOverForgetsNoTimesOfAWarmStage() {
    RolloutPlan plan = new RolloutPlan(3, Duration.ofHours(96), 300, true, Duration.ofMinutes(3));
    judge = judge(plan);
    judge.take(batch("replica-a", 1, 1, 0));
    assertThat(compared(judge, Trait.LATENCY)).isZero();
    judge.tick(10 * MINUTE, BreakerFacts.CLOSED);
    HealthJudge next = judge(plan);
    next.restore(judge.checkpoint(), 10 * MINUTE);
    next.take(batch("replica-a", 2, 1, MINUTE));
    assertThat(compared(next, Trait.LATENCY)).isEqualTo(1);
    HealthJudge reloaded = judge(plan);
    reloaded.takeOver(judge, 10 * MINUTE);
    reloaded.take(batch("replica-a", 2, 1, MINUTE));
    assertThat(compared(reloaded, Trait.LATENCY)).isEqualTo(1);
  }

  @Test
  void aProcessThatServesNobodyLeavesNothing() {
    LongStream.range(0, 200).forEach(i -> judge.take(ExchangeBatch.none("replica-" + i, 1)));
    assertThat(judge.checkpoint().marks()).isEmpty();
  }

  /** More processes than any fleet has in a day: the oldest ones have ended. */
  @Test
  void itsMemoryIsBounded() {
    LongStream.range(0, 2_000).forEach(i -> judge.take(batch("replica-" + i, 1, 1, 0)));
    assertThat(judge.checkpoint().marks()).hasSizeLessThanOrEqualTo(256);
  }

  /** A batch that has waited on its way since the stage was cold is told by its outcome alone. */
  @Test
  void aLateBatchOfTheWarmUpHasNoTimes() {
    RolloutPlan warm =
        new RolloutPlan(3, Duration.ofHours(96), 300, true, Duration.ofMillis(MINUTE));
    HealthJudge cold = judge(warm);
    long over = MINUTE + Health.DEFAULTS.latencyP95().limit().toMillis();
    cold.tick(over + 2_000, BreakerFacts.CLOSED);
    cold.take(batch("replica-a", 1, 1, 2_500));
    assertThat(compared(cold, Trait.ERRORS)).isEqualTo(1);
    assertThat(compared(cold, Trait.LATENCY)).isZero();
    cold.take(batch("replica-a", 2, 1, 1_500));
    assertThat(compared(cold, Trait.LATENCY)).isEqualTo(1);
  }
}
