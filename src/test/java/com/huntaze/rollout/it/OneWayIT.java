package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three processes of the packaged jar between which packets get lost in one direction: one hears
 * the other, and is not heard.
 */
@Tag("long")
class OneWayIT {
  /** Longer than a side takes to choose its judge, and JGroups to miss a member. */
  private static final Duration CUT = Duration.ofSeconds(14);

  private static final int ROUNDS = 5;

  private static final Duration SOON = Duration.ofSeconds(3);

  @TempDir private Path folder;

  /** The links that lose packets, by the places of members: the leader is 0. */
  enum Cut {
    LEADER_TO_ONE(new int[][] {{0, 1}}),
    ONE_TO_LEADER(new int[][] {{1, 0}}),
    LEADER_TO_ALL(new int[][] {{0, 1}, {0, 2}}),
    ALL_TO_LEADER(new int[][] {{1, 0}, {2, 0}}),
    FOLLOWER_TO_FOLLOWER(new int[][] {{1, 2}}),
    IN_A_RING(new int[][] {{0, 1}, {1, 2}, {2, 0}});

    private final int[][] ways;

    Cut(int[][] ways) {
      this.ways = ways;
    }

    /** Over TCP whose packets get lost is heard no more, either: nothing tells what has come. */
    private boolean deaf(int member) {
      return this == ALL_TO_LEADER && member == 0 || this == IN_A_RING && member != 1;
    }

    private void make(Links links, List<Integer> places) {
      for (int[] way : ways) {
        links.cutOneWay(places.get(way[0]), places.get(way[1]));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "directory, LEADER_TO_ONE",
    "directory, ONE_TO_LEADER",
    "directory, LEADER_TO_ALL",
    "directory, ALL_TO_LEADER",
    "directory, FOLLOWER_TO_FOLLOWER",
    "directory, IN_A_RING",
    "raft, LEADER_TO_ONE",
    "raft, ONE_TO_LEADER",
    "raft, LEADER_TO_ALL",
    "raft, ALL_TO_LEADER",
    "raft, FOLLOWER_TO_FOLLOWER",
    "raft, IN_A_RING"
  })
  void noTermHasTwoLeadersAndNothingCountsTwice(String lease, Cut cut) throws Exception {
    JsonObject changes = lease.equals("raft") ? Fleet.voting(Fleet.REPLICAS) : new JsonObject();
    try (Links links = new Links();
        Fleet fleet = new Fleet(folder, null, changes, Fleet.REPLICAS, Links::address)) {
      RacingOrders orders = new RacingOrders(50);
      List<Integer> places = places(fleet);
      Waits.until(() -> fleet.replica(places.get(0)).set(50).statusCode() == 200);
      fleet.replicas().forEach(each -> each.waitUntil(percentage(50)));
      fleet.fails(number -> false);
      fleet.replicas().forEach(each -> each.posts(20));
      awaitCounted(fleet);
      cut.make(links, places);
      ask(fleet);
      links.heal();
      awaitWhole(fleet);
      awaitCounted(fleet);
      // Nothing twice: nobody has asked since.
      Waits.pause(SOON);
      assertThat(observed(leader(fleet).orElseThrow())).isEqualTo(fleet.asked());
      race(fleet, links, cut, orders);
      awaitWhole(fleet);
      int share = share(leader(fleet).orElseThrow());
      assertThat(orders.possible()).contains(share);
      fleet.replicas().forEach(each -> each.waitUntil(percentage(share)));
      rollsBack(fleet, links, lease, cut);
      orders.note(fleet.replicas());
    }
  }

  /** Requests through all of them, while a cut is noticed. */
  private static void ask(Fleet fleet) {
    for (int round = 0; round < ROUNDS; round++) {
      fleet.replicas().forEach(each -> each.posts(2));
      Waits.pause(CUT.dividedBy(ROUNDS));
    }
  }

  /** Orders to all of them, until a cut is noticed and a little longer. */
  private static void race(Fleet fleet, Links links, Cut cut, RacingOrders orders) {
    cut.make(links, places(fleet));
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      orders.round(fleet.replicas());
      Duration left = CUT.dividedBy(ROUNDS).minus(Voters.since(began));
      if (!left.isNegative()) {
        Waits.pause(left);
      }
    }
    links.heal();
  }

  /** At the first follower. */
  private static void rollsBack(Fleet fleet, Links links, String lease, Cut cut) {
    List<Integer> places = places(fleet);
    cut.make(links, places);
    long began = System.nanoTime();
    fleet.replica(places.get(1)).done("rollback");
    for (int place : places) {
      // Voters have no directory in common: one who hears nobody hears of no rollback.
      if (lease.equals("directory") || !cut.deaf(places.indexOf(place))) {
        fleet.replica(place).waitUntil(phase("rollback"));
      }
    }
    assertThat(Voters.since(began)).isLessThan(Waits.bound(CUT));
    links.heal();
    awaitWhole(fleet);
    fleet.replicas().forEach(each -> each.waitUntil(phase("rollback")));
  }

  /** The leader's place first. */
  private static List<Integer> places(Fleet fleet) {
    RolloutProcess leads = Waits.until(() -> leader(fleet), Optional::isPresent).orElseThrow();
    List<Integer> places = new ArrayList<>();
    places.add(fleet.replicas().indexOf(leads));
    for (int i = 0; i < Fleet.REPLICAS; i++) {
      if (i != places.get(0)) {
        places.add(i);
      }
    }
    return places;
  }

  private static Optional<RolloutProcess> leader(Fleet fleet) {
    return fleet.replicas().stream().filter(Fleet::leads).findFirst();
  }

  /** All hear each other, and one leads. */
  private static void awaitWhole(Fleet fleet) {
    fleet
        .replicas()
        .forEach(
            each ->
                Waits.until(
                    () -> each.get("/api/v1/cluster"),
                    told ->
                        told.getString("leader") != null
                            && told.getString("side") == null
                            && told.getJsonArray("missing").isEmpty()));
  }

  private static void awaitCounted(Fleet fleet) {
    Waits.until(
        () -> leader(fleet).map(OneWayIT::observed).orElse(-1L),
        counted -> counted == fleet.asked());
  }

  private static int share(RolloutProcess of) {
    return of.state().getInteger("percentage");
  }

  private static long observed(RolloutProcess of) {
    JsonObject foundry = of.state().getJsonObject("metrics").getJsonObject("foundry");
    return foundry.getLong("requestCount");
  }
}
