package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.SmallDisk;
import com.huntaze.rollout.Strace;
import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three voters in processes of the packaged jar, of which some have a slow disk, or a full one. */
@Tag("long")
class VotersDiskIT {
  private static final Predicate<JsonObject> ROLLED_BACK = phase("rollback");
  private static final int SHARE = 20;

  /** Of orders while something is amiss: longer than a lease that nobody renews. */
  private static final int ROUNDS = 6;

  private static final Duration BETWEEN = Duration.ofSeconds(2);

  @TempDir private Path folder;

  private final List<SmallDisk> disks = new ArrayList<>();
  private final RacingOrders orders = new RacingOrders(SHARE);
  private Voters voters;

  @BeforeEach
  void start() throws Exception {
    Strace.require();
    voters = new Voters(folder, null, new JsonObject(), Voters.VOTERS);
    for (int i = 0; i < Voters.VOTERS; i++) {
      disks.add(SmallDisk.at(voters.dir(i)));
    }
    voters.start(0, 1, 2);
    Voters.set(voters.follower(), SHARE);
    Voters.everywhere(voters.running(), percentage(SHARE));
  }

  @AfterEach
  void stop() throws IOException {
    voters.close();
    for (SmallDisk disk : disks) {
      disk.close();
    }
  }

  /** Orders at some of them while something is amiss; returns how many were carried out. */
  private int orders(List<RolloutProcess> at, int rounds) {
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      done += orders.round(at);
      Waits.pause(BETWEEN);
    }
    return done;
  }

  /** All is well again: any of them takes an order, and it holds everywhere. */
  private void goesOn() {
    Waits.until(() -> voters.awaitLeader().command("start").statusCode() == 200);
    Voters.set(voters.follower(), 97);
    Voters.everywhere(voters.running(), percentage(97));
  }

  private void rollsBackEverywhere(RolloutProcess at) {
    long began = System.nanoTime();
    // It says so where it could not write it down.
    assertThat(at.command("rollback").statusCode()).isIn(200, 503);
    assertThat(at.state().getString("phase")).isEqualTo("rollback");
    assertThat(Voters.since(began)).isLessThan(Waits.bound(Duration.ofSeconds(3)));
    Voters.everywhere(voters.running(), ROLLED_BACK);
  }

  /** Each call that forces data to the disk takes so much longer. */
  private static Strace slow(Process voter, Duration longer) throws Exception {
    return Strace.delays(voter.pid(), "fsync,fdatasync", longer, true);
  }

  @ParameterizedTest
  @CsvSource({"200, true", "200, false", "1000, true", "1000, false", "3000, true", "3000, false"})
  void aSlowDiskMakesNoSecondLeader(long millis, boolean leader) throws Exception {
    RolloutProcess slow = leader ? voters.awaitLeader() : voters.follower();
    List<RolloutProcess> others = voters.running().stream().filter(each -> each != slow).toList();
    try (Strace disk = slow(slow.process().process(), Duration.ofMillis(millis))) {
      int done = orders(others, ROUNDS);
      // Two of three have a good disk: there is a leader, the same or another one.
      assertThat(done).isPositive();
      rollsBackEverywhere(slow);
      assertThat(disk.lasts()).isTrue();
    }
    goesOn();
    orders.note(voters.running());
  }

  /** Two of three have room: one that orders the entries leaves that to another of them. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFullDiskOfOneIsNoneOfTheOthers(boolean leader) throws Exception {
    RolloutProcess full = leader ? voters.awaitLeader() : voters.follower();
    SmallDisk disk = disks.get(voters.indexOf(full));
    List<RolloutProcess> others = voters.running().stream().filter(each -> each != full).toList();
    disk.fill();
    assertThat(orders(others, ROUNDS)).isPositive();
    rollsBackEverywhere(full);
    disk.empty();
    goesOn();
    assertThat(full.figure("rollout_cluster_rejoins_total")).isPositive();
    orders.note(voters.running());
  }

  /** No majority can write: nothing is promoted, and a rollback holds wherever it is told. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoFullDisksPromoteNothingAndRollBack(boolean leaderToo) throws Exception {
    int leader = voters.indexOf(voters.awaitLeader());
    List<SmallDisk> full = new ArrayList<>();
    for (int i = 0; i < Voters.VOTERS; i++) {
      if (leaderToo ? i != (leader + 1) % Voters.VOTERS : i != leader) {
        full.add(disks.get(i));
      }
    }
    for (SmallDisk disk : full) {
      disk.fill();
    }
    orders(voters.running(), ROUNDS);
    Waits.until(() -> voters.running().stream().noneMatch(RolloutProcess::leads));
    assertThat(orders(voters.running(), 2)).isZero();
    rollsBackEverywhere(voters.process(leader));
    for (SmallDisk disk : full) {
      disk.empty();
    }
    goesOn();
    orders.note(voters.running());
  }
}
