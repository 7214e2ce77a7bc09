package com.huntaze.rollout.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.quota.FleetInTime;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key's limit is the whole fleet's: as much goes through N replicas as through one. */
class FleetLimitTest {
  private static final double MORE = 1.1;
  private static final double LESS = 0.9;
  private static final int LIMIT = 10;

  private FleetInTime<KeyLimit> fleet;

  /** The moments at which requests were let through, in milliseconds. */
  private final List<Long> admitted = new ArrayList<>();

  private final TimeMeter clock =
      new TimeMeter() {
        @Override
        public long currentTimeNanos() {
          return fleet == null ? 0 : TimeUnit.MILLISECONDS.toNanos(fleet.millis());
        }

        @Override
        public boolean isWallClockBased() {
          return false;
        }
      };

  private void begin(int replicas, int perSecond, int burst) {
    fleet = new FleetInTime<>(replicas, () -> new KeyLimit("web", perSecond, burst, 1, clock));
  }

  private boolean ask(int replica) {
    ConsumptionProbe probe = fleet.at(replica).take();
    boolean through = probe != null && probe.isConsumed();
    if (through) {
      admitted.add(fleet.millis());
    }
    return through;
  }

  /** Requests at even distances; returns how many are let through. */
  private int send(int seconds, int perSecond, IntUnaryOperator through) {
    int before = admitted.size();
    for (int i = 0; i < seconds * perSecond; i++) {
      int replica = through.applyAsInt(i);
      if (fleet.runs(replica)) {
        ask(replica);
      }
      fleet.pass(1_000 * (i + 1L) / perSecond - 1_000L * i / perSecond);
    }
    return admitted.size() - before;
  }

  /** In any three seconds no more than one replica would let through. */
  private void assertNeverMore(int perSecond, int burst, double times) {
    for (int first = 0, last = 0; last < admitted.size(); last++) {
      while (admitted.get(last) - admitted.get(first) > 3_000) {
        first++;
      }
      assertThat(last - first + 1)
          .as("until %d ms", admitted.get(last))
          .isLessThanOrEqualTo((int) (times * (burst + 3 * perSecond)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10})
  void roundRobinGetsTheLimitAndNoMore(int replicas) {
    begin(replicas, LIMIT, LIMIT);
    int through = send(6, 60, i -> i % replicas);
    assertThat((double) through).isBetween(LESS * 6 * LIMIT, MORE * (LIMIT + 6 * LIMIT));
    assertNeverMore(LIMIT, LIMIT, MORE);
  }

  @ParameterizedTest
  @CsvSource({"3, 10, 12", "3, 10, 40", "3, 100, 300", "10, 10, 40", "10, 5, 20", "2, 1, 10"})
  void whoStaysOnOneReplicaGetsTheLimit(int replicas, int limit, int asked) {
    begin(replicas, limit, limit);
    int through = send(6, asked, i -> 0);
    assertThat((double) through).isBetween(LESS * 6 * limit, MORE * 7 * limit);
  }

  /** All are asked at the same moment, and nothing is known of the key. */
  @ParameterizedTest
  @CsvSource({"2, 10, 10", "3, 10, 10", "7, 10, 10", "10, 10, 10", "3, 10, 100", "10, 1000, 1000"})
  void aBurstEverywhereAtOnceIsOneBurst(int replicas, int limit, int burst) {
    begin(replicas, limit, burst);
    for (int i = 0; i < burst; i++) {
      for (int replica = 0; replica < replicas; replica++) {
        ask(replica);
      }
    }
    assertThat(admitted).hasSizeBetween((int) (LESS * burst), (int) (MORE * burst));
    send(6, 10 * limit, i -> i % replicas);
    assertNeverMore(limit, burst, MORE);
  }

  @Test
  void thePartThatIsToldIsTheOneInForce() {
    begin(3, LIMIT, LIMIT);
    assertThat(fleet.at(0).label()).isEqualTo("key:web");
    assertThat(fleet.at(0).share()).isCloseTo(1 / 3.0, within(0.01));
    send(6, 40, i -> 0);
    assertThat(fleet.at(0).share()).isCloseTo(1, within(0.01));
    assertThat(fleet.at(1).share()).isZero();
  }

  /** A fleet of more replicas than the limit has requests lets one through at each. */
  @Test
  void aLimitThatIsSmallerThanTheFleetIsKeptAsARate() {
    begin(5, 2, 2);
    int through = send(30, 20, i -> i % 5);
    assertThat(through).isBetween(54, 5 + 66);
  }

  /** Clients that ask for less than the limit in all are let through by whichever replica. */
  @ParameterizedTest
  @CsvSource({"3, 6", "5, 6", "3, 60"})
  void whoAsksForLessIsLetThroughAsByOneReplica(int replicas, int perSecond) {
    int limit = perSecond * 3 / 2;
    begin(replicas, limit, 2 * limit);
    Random balancer = new Random(7);
    int through = send(60, perSecond, i -> balancer.nextInt(replicas));
    assertThat(through).isGreaterThanOrEqualTo((int) (0.98 * 60 * perSecond));
  }

  /**
   * A balancer that spreads by chance gives one replica three in a row while another has nothing to
   * do: what lies idle there is lent. Without that it was 0.93 and 0.85 of the limit at three, and
   * 0.77 at five.
   */
  @ParameterizedTest
  @CsvSource({"3, 8, 0.98", "3, 10, 0.95", "5, 8, 0.90", "3, 15, 0.95", "2, 9, 0.98"})
  void aBalancerByChanceCostsLittleOfASmallLimit(int replicas, int perSecond, double least) {
    begin(replicas, LIMIT, LIMIT);
    Random balancer = new Random(7);
    int through = send(60, perSecond, i -> balancer.nextInt(replicas));
    assertThat(through).isGreaterThanOrEqualTo((int) (least * 60 * Math.min(perSecond, LIMIT)));
    assertNeverMore(LIMIT, LIMIT, MORE);
  }

  /** As {@code docs/cluster.md} says what to set: three requests of burst for each replica. */
  @ParameterizedTest
  @CsvSource({"5, 15, 8, 0.98", "10, 30, 8, 0.95", "10, 30, 10, 0.88"})
  void aBurstOfThreeForEachReplicaIsEnoughToLend(
      int replicas, int burst, int perSecond, double least) {
    begin(replicas, LIMIT, burst);
    Random balancer = new Random(7);
    int through = send(60, perSecond, i -> balancer.nextInt(replicas));
    assertThat(through).isGreaterThanOrEqualTo((int) (least * 60 * perSecond));
    assertNeverMore(LIMIT, burst, MORE);
  }

  /** Each time that most of it goes elsewhere, a few seconds of it are lost, and nothing is won. */
  @ParameterizedTest
  @CsvSource({"1, 5", "2, 5", "3, 5", "4, 5", "5, 5", "6, 5", "7, 30", "8, 30", "9, 30"})
  void skewedTrafficThatWandersGetsTheLimitAndNoMore(long seed, int seconds) {
    Random random = new Random(seed);
    int replicas = 2 + random.nextInt(9);
    begin(replicas, LIMIT, LIMIT);
    int through = 0;
    for (int i = 0; i < 12; i++) {
      int most = random.nextInt(replicas);
      through +=
          send(seconds, 40, each -> random.nextInt(10) < 7 ? most : random.nextInt(replicas));
    }
    double least = seconds > 10 ? 0.85 : 0.6;
    int whole = 12 * seconds * LIMIT;
    assertThat((double) through).isBetween(least * whole, MORE * (LIMIT + whole));
    assertNeverMore(LIMIT, LIMIT, MORE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void replicasThatComeAndGoInOrderChangeNothing(long seed) {
    Random random = new Random(seed);
    begin(3, LIMIT, LIMIT);
    List<Integer> there = new ArrayList<>(List.of(0, 1, 2));
    for (int i = 0; i < 12; i++) {
      if (there.size() < 10 && random.nextBoolean()) {
        there.add(fleet.join());
      } else if (there.size() > 1) {
        fleet.leave(there.remove(random.nextInt(there.size())));
      }
      send(5, 50, each -> there.get(each % there.size()));
    }
    assertThat((double) admitted.size()).isBetween(LESS * 60 * LIMIT, MORE * 61 * LIMIT);
    assertNeverMore(LIMIT, LIMIT, MORE);
  }

  @Test
  void whatADeadReplicaHadIsTheOthersOnceItIsSeen() {
    begin(3, LIMIT, LIMIT);
    send(5, 60, i -> i % 3);
    fleet.kill(2);
    send(6, 60, i -> i % 2);
    assertThat(send(5, 60, i -> i % 2)).isBetween(45, 55);
    assertNeverMore(LIMIT, LIMIT, MORE);
  }

  /** It tells nothing for four seconds, then it is gone; its last demand counts until then. */
  @Test
  void aReplicaThatStandsStillKeepsItsPartUntilItIsSeen() {
    begin(3, LIMIT, LIMIT);
    send(5, 60, i -> i % 3);
    fleet.stop(2);
    assertThat(send(3, 60, i -> i % 2)).isBetween(17, 23);
    send(6, 60, i -> i % 2);
    assertThat(send(5, 60, i -> i % 2)).isBetween(45, 55);
    assertNeverMore(LIMIT, LIMIT, MORE);
  }

  /** The others may be there, and serve. */
  @Test
  void whoIsAloneAndUnsureKeepsToItsPart() {
    begin(3, LIMIT, LIMIT);
    send(5, 60, i -> i % 3);
    fleet.cut(1);
    send(8, 60, i -> i % 3);
    assertThat(send(10, 20, i -> 0)).isBetween(30, 37);
    assertThat(send(10, 40, i -> 1 + i % 2)).isBetween(90, 110);
    fleet.heal();
    send(3, 60, i -> i % 3);
    assertThat(send(10, 60, i -> i % 3)).isBetween(90, 110);
  }

  /** Of two one is gone: the other one does not know whether it is alone, for ten minutes. */
  @Test
  void halfOfTwoDoesNotKnow() {
    begin(2, LIMIT, LIMIT);
    send(5, 60, i -> i % 2);
    fleet.kill(1);
    send(3, 60, i -> 0);
    assertThat(send(10, 60, i -> 0)).isBetween(42, 58);
    fleet.pass(600_000);
    send(3, 60, i -> 0);
    assertThat(send(10, 60, i -> 0)).isBetween(90, 110);
  }

  /** A client that is idle for long finds its part where it has left it. */
  @Test
  void theLastDemandStaysWhileNobodyElseAsks() {
    begin(3, LIMIT, LIMIT);
    send(5, 40, i -> 1);
    fleet.pass(60_000);
    int before = admitted.size();
    for (int i = 0; i < 20; i++) {
      ask(1);
    }
    assertThat(admitted.size() - before).isEqualTo(LIMIT);
    fleet.pass(60_000);
    send(6, 40, i -> 2);
    assertThat(send(5, 40, i -> 2)).isBetween(45, 55);
  }

  @Test
  void aLimitThatComesIntoForceIsDividedFromTheFirstRequest() {
    begin(3, LIMIT, LIMIT);
    KeyLimit later = new KeyLimit("app", LIMIT, LIMIT, 3, clock);
    int through = 0;
    for (int i = 0; i < LIMIT; i++) {
      through += later.take().isConsumed() ? 1 : 0;
    }
    assertThat(through).isEqualTo(3);
  }

  @Test
  void theNameAmongReplicasDoesNotTellTheClient() {
    assertThat(new KeyLimit("web", 1, 1, 1, clock).name()).matches("[0-9a-f]{12}");
  }
}
