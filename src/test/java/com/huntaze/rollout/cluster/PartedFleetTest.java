package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartedFleetTest {
  private static final long SECOND = 1_000;
  private static final long HOUR = 3_600_000;

  /**
   * Healthy enough, and cut into up to three sides again and again. A whole day of it, three times,
   * ended the same.
   */
  @ParameterizedTest
  @CsvSource({"1", "2"})
  void hoursOfPartitionsAtThreePercentRollNothingBack(long seed) {
    PartedFleet fleet = new PartedFleet(5, seed, 20_000);
    SplittableRandom chance = new SplittableRandom(seed);
    fleet.traffic(0.1, 0.03);
    for (long end = fleet.now() + HOUR; fleet.now() < end; ) {
      fleet.partByChance(3);
      fleet.pass(SECOND * (5 + chance.nextInt(600)));
      fleet.heal();
      fleet.pass(SECOND * (60 + chance.nextInt(600)));
      assertThat(fleet.rolledBackBy()).as("at %d s", fleet.now() / SECOND).isEmpty();
    }
    assertThat(fleet.isOne()).isTrue();
    // Each exchange once, whoever has judged it first.
    fleet.traffic(0, 0);
    fleet.pass(60 * SECOND);
    assertThat(fleet.known()).isEqualTo(fleet.asked());
  }

  /**
   * A side sees what passes through it, and needs a little more of it: the larger one has seen
   * enough when all have had at most twice the requests that the whole fleet needs.
   */
  @ParameterizedTest
  @CsvSource({"0.30, 0.5", "0.15, 1", "0.10, 2"})
  void aPartedFleetRollsBackWhatFails(double errors, double perSecond) {
    long together = untilRollback(perSecond, errors, 0, 0, 0);
    assertThat(untilRollback(perSecond, errors, 0, 0, 1)).isLessThan(2 * together + 60);
    assertThat(untilRollback(perSecond, errors, 0, 1, 1)).isLessThan(2 * together + 60);
  }

  private static long untilRollback(double perSecond, double errors, int... sides) {
    PartedFleet fleet = new PartedFleet(3, 7, SECOND);
    fleet.traffic(perSecond, 0.005);
    fleet.pass(120 * SECOND);
    fleet.part(sides);
    fleet.pass(20 * SECOND);
    long before = fleet.asked();
    fleet.traffic(perSecond, errors);
    fleet.pass(HOUR);
    assertThat(fleet.rolledBackBy()).isNotEmpty();
    return fleet.asked() - before;
  }

  @Test
  void aLeaderThatIsKilledEveryTwentySecondsIsNoShelter() {
    PartedFleet fleet = new PartedFleet(3, 11, SECOND);
    fleet.traffic(2, 0.10);
    for (int i = 0; i < 30 && fleet.rolledBackBy().isEmpty(); i++) {
      fleet.pass(20 * SECOND);
      int killed = fleet.leader();
      fleet.kill(killed);
      fleet.pass(3 * SECOND);
      fleet.restart(killed);
    }
    assertThat(fleet.rolledBackBy()).isNotEmpty();
    assertThat(fleet.asked()).isLessThan(1_200);
  }

  /**
   * The deputies keep the rows of a leader that is gone: nothing is lost but its last second. Of
   * two replicas the deputy leads next, while the dead one still seems to be there.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aTakeOverLosesASecondAtMostAndCountsNothingTwice(int replicas) {
    for (int seed = 0; seed < 10; seed++) {
      PartedFleet fleet = new PartedFleet(replicas, seed, SECOND);
      fleet.traffic(4, 0.02);
      fleet.pass((100 + 7 * seed) * SECOND);
      long before = fleet.asked();
      int killed = fleet.leader();
      fleet.kill(killed);
      fleet.traffic(0, 0);
      fleet.pass(15 * SECOND);
      assertThat(fleet.leader()).isNotEqualTo(killed);
      assertThat(fleet.known()).as("seed %d", seed).isBetween(before - 8, before);
    }
  }

  @Test
  void framesThatAreLostChangeNothing() {
    PartedFleet fleet = new PartedFleet(4, 5, SECOND);
    fleet.loses(0.3);
    fleet.traffic(3, 0.02);
    for (int i = 0; i < 10; i++) {
      fleet.partByChance(2);
      fleet.pass(40 * SECOND);
      fleet.heal();
      fleet.pass(40 * SECOND);
    }
    fleet.traffic(0, 0);
    fleet.loses(0);
    fleet.pass(20 * SECOND);
    assertThat(fleet.rolledBackBy()).isEmpty();
    assertThat(fleet.known()).isEqualTo(fleet.asked());
  }

  /** As in the table of figures to reach, on a machine with one core to itself. */
  @Test
  void aHundredReplicasAreNoMoreThanALeaderCanJudge() {
    PartedFleet fleet = new PartedFleet(100, 3, SECOND);
    fleet.traffic(1, 0.01);
    fleet.pass(20 * SECOND);
    long bytes = fleet.bytes();
    long from = fleet.now();
    fleet.pass(60 * SECOND);
    double perSecond = (fleet.bytes() - bytes) * 1_000.0 / (fleet.now() - from);
    assertThat(perSecond)
        .as("bytes a second; a tick takes %d us", fleet.tick()[0] / 1_000)
        .isLessThan(1_000_000);
    assertThat(fleet.rolledBackBy()).isEmpty();
  }
}
