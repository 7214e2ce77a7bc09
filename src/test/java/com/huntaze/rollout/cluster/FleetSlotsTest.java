package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One user through several replicas is one user in the sequential tests. */
class FleetSlotsTest {
  private static final int MINUTE = 60_000;

  /** A user who fails always, each time through all replicas, for a minute. */
  private static long retriesThrough(int replicas, long skewMillis) {
    FleetOfReplicas fleet = new FleetOfReplicas(replicas, skewMillis);
    for (int at = 0; at < MINUTE; at += 300) {
      for (int i = 0; i < replicas; i++) {
        fleet.asked(i, 42, false);
        fleet.pass(30 / replicas);
      }
      fleet.pass(300 - 30 / replicas * replicas);
    }
    fleet.pass(6_000);
    assertThat(fleet.samples()).isEqualTo(fleet.failures());
    return fleet.failures();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10, 30})
  void retriesThroughAllReplicasAreOneSampleEachTenSeconds(int replicas) {
    long ofOne = retriesThrough(1, 0);
    assertThat(ofOne).isEqualTo(6);
    assertThat((double) retriesThrough(replicas, 0)).isBetween(0.9 * ofOne, 1.1 * ofOne);
  }

  @ParameterizedTest
  @CsvSource({"3, 200", "3, 4000", "3, 3600000", "10, 1700"})
  void clocksThatDifferGainNobodyMoreThanOneSample(int replicas, long skewMillis) {
    assertThat(retriesThrough(replicas, skewMillis)).isBetween(5L, 7L);
  }

  /** Users who ask now and then, as the balancer sends them: nothing is lost, nothing is double. */
  private static long crowd(int replicas, IntUnaryOperator through) {
    FleetOfReplicas fleet = new FleetOfReplicas(replicas, 0);
    Random random = new Random(7);
    for (int i = 0; i < 6_000; i++) {
      long user = random.nextInt(200);
      boolean success = random.nextInt(10) > 0;
      fleet.asked(through.applyAsInt(i), user, success);
      fleet.pass(10);
    }
    fleet.pass(6_000);
    return fleet.samples();
  }

  @Test
  void aCrowdIsCountedAsOneReplicaWouldCountIt() {
    double ofOne = crowd(1, i -> 0);
    Random balancer = new Random(3);
    assertThat((double) crowd(3, i -> i % 3)).isBetween(0.98 * ofOne, 1.02 * ofOne);
    assertThat((double) crowd(3, i -> balancer.nextInt(3))).isBetween(0.98 * ofOne, 1.02 * ofOne);
    assertThat((double) crowd(3, i -> 1)).isBetween(0.98 * ofOne, 1.02 * ofOne);
  }

  /** Each member claims as much as it may, of a hundred: their rows are 0.54 MB/s beside that. */
  @Test
  void theClaimsOfAHundredReplicasAreLessThanTheLineHolds() {
    FleetOfReplicas fleet = new FleetOfReplicas(100, 0);
    long user = 0;
    for (int i = 0; i < 500; i++) {
      for (int replica = 0; replica < 100; replica++) {
        for (int each = 0; each < 3; each++) {
          fleet.asked(replica, ++user * 0x9e37_79b9_7f4a_7c15L, true);
        }
      }
      fleet.pass(4);
    }
    assertThat(fleet.bytes() / 2).isBetween(200_000L, 460_000L);
  }
}
