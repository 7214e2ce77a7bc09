package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import org.junit.jupiter.api.Test;

/** A judge that goes on from another's checkpoint: more is never overwritten with less. */
class JudgeTakeOverTest {
  private static final String EPOCH = "1-a";

  @Test
  void theSurvivorsOwnObservationsStayWhereTheDeadLeaderHadNone() {
    Replica survivor = new Replica("s");
    survivor.observe(359, 60);
    survivor.tick();
    survivor.goOnFrom(new Replica("dead"));
    survivor.tick();
    survivor.isJudged(359, 60);
  }

  @Test
  void whatBothHaveSeenIsSummedOnce() {
    Replica dead = new Replica("dead");
    dead.observe(100, 4);
    dead.tick();
    Replica survivor = new Replica("s");
    survivor.observe(359, 60);
    survivor.tick();
    survivor.goOnFrom(dead);
    survivor.tick();
    survivor.isJudged(459, 64);
    survivor.observe(41, 1);
    survivor.tick();
    survivor.tick();
    survivor.isJudged(500, 65);
  }

  @Test
  void theEvidenceIsThatOfOneWhoHasSeenAll() {
    Replica one = new Replica("one");
    one.observe(100, 4);
    one.tick();
    one.observe(359, 60);
    one.tick();
    Replica dead = new Replica("dead");
    dead.observe(100, 4);
    dead.tick();
    Replica survivor = new Replica("s");
    survivor.observe(359, 60);
    survivor.tick();
    survivor.goOnFrom(dead);
    survivor.tick();
    assertThat(survivor.metrics.sequential().of(Metric.ERROR_RATE).lnE())
        .isGreaterThan(0.9 * one.metrics.sequential().of(Metric.ERROR_RATE).lnE());
  }

  @Test
  void whoLedBeforeCountsNothingTwiceWhenItLeadsAgain() {
    Replica first = new Replica("a");
    first.observe(100, 4);
    first.tick();
    Replica second = new Replica("b");
    second.goOnFrom(first);
    // It follows now, and goes on to see what the other one does not.
    first.observe(50, 2);
    first.tick();
    second.observe(30, 1);
    second.tick();
    // By now nobody remembers how far the first one's rows had been judged.
    second.pass(61_000);
    second.observe(1, 0);
    second.tick();
    first.goOnFrom(second);
    first.tick();
    first.isJudged(181, 7);
  }

  @Test
  void itsOwnCheckpointTakesNothingFromWhatItHasSeenSince() {
    Replica alone = new Replica("a");
    alone.observe(100, 4);
    alone.tick();
    JudgeCheckpoint written = alone.checkpoint();
    alone.observe(50, 2);
    alone.tick();
    alone.judge.restore(written, alone.now);
    alone.tick();
    alone.isJudged(150, 6);
  }

  @Test
  void aNewJudgeKnowsAtItsFirstTickWhatTheOneBeforeHadHeard() {
    Replica dead = new Replica("dead");
    dead.observe(100, 4);
    dead.tick();
    Replica survivor = new Replica("s");
    survivor.observe(359, 60);
    survivor.tick();
    survivor.beginAnewFrom(dead);
    survivor.tickUnheard();
    survivor.isJudged(459, 64);
    survivor.tick();
    survivor.isJudged(459, 64);
  }

  @Test
  void aNewJudgeDoesNotReviveWhoSaidGoodbye() {
    Replica survivor = new Replica("s");
    survivor.observe(10, 1);
    survivor.tick();
    survivor.judge.retire("s");
    survivor.beginAnewFrom(new Replica("dead"));
    survivor.tickUnheard();
    survivor.isJudged(0, 0);
  }

  /** It stood still, or the network did, for some seconds: it is no other one for that. */
  @Test
  void aMemberThatWasAwayForAMomentCountsNothingTwice() {
    Replica member = new Replica("m");
    Replica leader = new Replica("l");
    member.observe(1_000, 40);
    leader.hear(member);
    leader.tick();
    leader.judge.retire("m");
    member.observe(10, 0);
    leader.hear(member);
    leader.tick();
    leader.isJudged(1_010, 40);
    Replica next = new Replica("n");
    next.goOnFrom(leader);
    member.observe(10, 0);
    next.hear(member);
    next.tick();
    next.isJudged(1_020, 40);
  }

  @Test
  void aMemberThatIsBackOnlyWhenAnotherLeadsCountsNothingTwice() {
    Replica member = new Replica("m");
    Replica leader = new Replica("l");
    member.observe(1_000, 40);
    leader.hear(member);
    leader.tick();
    leader.judge.retire("m");
    leader.pass(9_000);
    Replica next = new Replica("n");
    next.goOnFrom(leader);
    member.observe(10, 0);
    next.hear(member);
    next.tick();
    next.isJudged(1_010, 40);
  }

  /** Whoever leads again has been told of it by the one between, which counted it, too. */
  @Test
  void aMemberThatIsAwayHereAndKnownToTheOtherCountsOnce() {
    Replica member = new Replica("m");
    Replica first = new Replica("a");
    member.observe(100, 4);
    first.hear(member);
    first.tick();
    first.judge.retire("m");
    Replica second = new Replica("b");
    second.goOnFrom(first);
    member.observe(50, 2);
    second.hear(member);
    second.tick();
    first.goOnFrom(second);
    member.observe(5, 1);
    first.hear(member);
    first.tick();
    first.isJudged(155, 7);
  }

  @Test
  void aMemberThatIsBackIsMissedWhenItFallsSilent() {
    Replica member = new Replica("m");
    Replica leader = new Replica("l");
    member.observe(10, 0);
    leader.hear(member);
    leader.tick();
    leader.judge.retire("m");
    leader.pass(20_000);
    leader.tick();
    assertThat(leader.metrics.freshness().stale()).isEmpty();
    member.observe(10, 0);
    leader.hear(member);
    leader.tick();
    leader.pass(20_000);
    leader.tick();
    assertThat(leader.metrics.freshness().stale()).contains("m");
  }

  @Test
  void theTotalsOfAnotherStageTakeNothingFromThisOnes() {
    Replica dead = new Replica("dead");
    dead.observe(100, 4);
    dead.tick();
    Replica survivor = new Replica("s");
    survivor.stage(1);
    survivor.observe(359, 60);
    survivor.tick();
    survivor.goOnFrom(dead);
    survivor.tick();
    assertThat(survivor.metrics.foundryTotals().all().get(Counter.OBSERVED)).isEqualTo(359);
    assertThat(survivor.metrics.sequential().of(Metric.ERROR_RATE).samples()).isEqualTo(459);
  }

  @Test
  void theFullerWindowStays() {
    Replica dead = new Replica("dead");
    dead.observe(20, 0);
    dead.tick();
    Replica survivor = new Replica("s");
    survivor.observe(359, 60);
    survivor.tick();
    survivor.goOnFrom(dead);
    survivor.tick();
    assertThat(survivor.metrics.foundryWindow().of(Metric.ERROR_RATE).get(Counter.ERRORS))
        .isEqualTo(60);
    Replica other = new Replica("o");
    other.observe(10, 1);
    other.tick();
    other.goOnFrom(survivor);
    other.tick();
    assertThat(other.metrics.foundryWindow().of(Metric.ERROR_RATE).get(Counter.ERRORS))
        .isEqualTo(60);
  }

  /** A replica with one event loop, and its judge. */
  private static final class Replica {
    private final ObservationCounter source;
    private HealthJudge judge;
    private HealthMetrics metrics;
    private long now = 1_000;
    private int stage;

    Replica(String name) {
      source = new ObservationCounter(name, Thresholds.of(Health.DEFAULTS));
      judge = new HealthJudge(Health.DEFAULTS, Health.PLAN, ProviderMode.CANARY);
      stage(0);
    }

    void stage(int next) {
      stage = next;
      source.began(EPOCH, next);
      judge.stageBegan(EPOCH, next, next, now);
    }

    void observe(int n, int errors) {
      for (int i = 0; i < n; i++) {
        source.open(Provider.FOUNDRY, EPOCH, stage).settle(i >= errors, 3_000, 1_000, null);
      }
    }

    void pass(long millis) {
      now += millis;
    }

    void tick() {
      source.rows().forEach(row -> judge.take(row, now + 1_000));
      tickUnheard();
    }

    /** A tick before the source has told anything again. */
    void tickUnheard() {
      pass(1_000);
      metrics = judge.tick(now, BreakerFacts.CLOSED);
    }

    /** A member's rows come. */
    void hear(Replica member) {
      member.source.rows().forEach(row -> judge.take(row, now));
    }

    /** As a leader writes it. */
    JudgeCheckpoint checkpoint() {
      JudgeCheckpoint checkpoint = judge.checkpoint();
      judge.handOn();
      return checkpoint;
    }

    void goOnFrom(Replica leader) {
      judge.restore(leader.checkpoint(), now);
    }

    /** As a replica of a cluster does when it begins to lead. */
    void beginAnewFrom(Replica leader) {
      HealthJudge follower = judge;
      judge = new HealthJudge(Health.DEFAULTS, Health.PLAN, ProviderMode.CANARY);
      judge.stageBegan(EPOCH, stage, stage, now);
      judge.hear(follower, now);
      goOnFrom(leader);
    }

    void isJudged(long observed, long errors) {
      assertThat(metrics.sequential().of(Metric.ERROR_RATE).samples()).isEqualTo(observed);
      assertThat(metrics.foundryTotals().all().get(Counter.OBSERVED)).isEqualTo(observed);
      assertThat(metrics.foundryTotals().all().get(Counter.ERRORS)).isEqualTo(errors);
    }
  }
}
