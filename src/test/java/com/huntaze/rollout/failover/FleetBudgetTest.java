package com.huntaze.rollout.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.quota.FleetInTime;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The retry budget is the whole fleet's: N replicas retry as often as one would. */
class FleetBudgetTest {
  private static final double MORE = 1.1;
  private static final RetryBudgetSettings SETTINGS = new RetryBudgetSettings(0.2, 10);

  private final RetryBudget one = new RetryBudget(SETTINGS);
  private FleetInTime<RetryBudget> fleet;
  private int ofOne;

  private void begin(int replicas) {
    fleet = new FleetInTime<>(replicas, () -> new RetryBudget(SETTINGS));
  }

  /** Requests that fail three times each; returns the retries, and counts those of one replica. */
  private int fail(int seconds, int perSecond, IntUnaryOperator through) {
    int granted = 0;
    ofOne = 0;
    for (int i = 0; i < seconds * perSecond; i++) {
      RetryBudget budget = fleet.at(through.applyAsInt(i));
      budget.request(fleet.millis());
      one.request(fleet.millis());
      for (int retry = 0; retry < 3; retry++) {
        granted += budget.tryRetry(fleet.millis()) ? 1 : 0;
        ofOne += one.tryRetry(fleet.millis()) ? 1 : 0;
      }
      fleet.pass(1_000 * (i + 1L) / perSecond - 1_000L * i / perSecond);
    }
    return granted;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 20",
    "2, 20",
    "3, 20",
    "10, 20",
    "3, 50",
    "3, 60",
    "10, 70",
    "3, 1000",
    "10, 1000"
  })
  void roundRobinRetriesNoMoreThanOneReplica(int replicas, int perSecond) {
    begin(replicas);
    int granted = fail(6, perSecond, i -> i % replicas);
    assertThat((double) granted).isBetween(0.7 * ofOne, MORE * ofOne);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void skewedTrafficThatWandersRetriesNoMoreThanOneReplica(long seed) {
    Random random = new Random(seed);
    int replicas = 2 + random.nextInt(9);
    begin(replicas);
    int all = 0;
    int allOfOne = 0;
    for (int i = 0; i < 10; i++) {
      int most = random.nextInt(replicas);
      int perSecond = 10 + random.nextInt(100);
      all += fail(6, perSecond, each -> random.nextInt(10) < 7 ? most : random.nextInt(replicas));
      allOfOne += ofOne;
    }
    assertThat((double) all).isBetween(0.6 * allOfOne, MORE * allOfOne);
  }

  @Test
  void allTrafficAtOneReplicaHasTheWholeBudget() {
    begin(3);
    fail(3, 30, i -> 0);
    assertThat((double) fail(5, 30, i -> 0)).isBetween(0.9 * ofOne, MORE * ofOne);
  }

  @Test
  void thePartThatIsToldIsThatOfTheTraffic() {
    begin(3);
    assertThat(fleet.at(0).label()).isEqualTo("retries");
    assertThat(fleet.at(0).share()).isCloseTo(1 / 3.0, within(0.001));
    fail(5, 30, i -> 0);
    assertThat(fleet.at(0).share()).isGreaterThan(0.8);
    assertThat(fleet.at(0).share() + fleet.at(1).share() + fleet.at(2).share())
        .isCloseTo(1, within(0.05));
    RetryBudget other = fleet.at(0).with(new RetryBudgetSettings(0.2, 30));
    assertThat(other.share()).isEqualTo(fleet.at(0).share());
  }

  @Test
  void aDeadReplicasPartIsTheOthersOnceItIsSeen() {
    begin(3);
    fail(5, 30, i -> i % 3);
    fleet.kill(2);
    fail(4, 30, i -> i % 2);
    assertThat((double) fail(5, 30, i -> i % 2)).isBetween(0.9 * ofOne, MORE * ofOne);
  }

  @Test
  void anotherBudgetIsDividedAsTheOneBefore() {
    begin(3);
    RetryBudget other = fleet.at(0).with(new RetryBudgetSettings(0.2, 30));
    int granted = 0;
    for (int i = 0; i < 100; i++) {
      granted += other.tryRetry(fleet.millis()) ? 1 : 0;
    }
    assertThat(granted).isBetween(9, 12);
  }
}
