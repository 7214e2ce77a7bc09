package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes of the packaged jar on loopback, with one state directory, as one rollout. */
@Tag("heavy")
class ClusterIT {
  /** One replica's evidence, and what the observations that come in two seconds may add. */
  private static final double MORE = 1.2;

  private static final int UNLUCKY = 30;
  private static final double SLOT_SECONDS = 10;

  private static final Duration STANDS_STILL = Duration.ofSeconds(5);

  @TempDir private Path folder;

  private static boolean threeInTen(int number) {
    return number % 10 == 1 || number % 10 == 4 || number % 10 == 8;
  }

  /** Requests through some replicas, one after the other, until the rollout is rolled back. */
  private static int untilRollback(Fleet fleet, int... through) {
    fleet.fails(ClusterIT::threeInTen);
    RolloutProcess first = fleet.replica(through[0]);
    Waits.until(
        first::state,
        phase("rollback"),
        () -> {
          for (int each : through) {
            fleet.replica(each).posts(2);
          }
        });
    return fleet.asked();
  }

  private static void begin(Fleet fleet, int through) {
    RolloutProcess replica = fleet.replica(through);
    assertThat(replica.set(50).statusCode()).isEqualTo(200);
    fleet.replicas().forEach(each -> each.waitUntil(percentage(50)));
  }

  @Test
  void errorsThroughTheFollowersAloneRollBackEverywhere() throws Exception {
    int alone;
    try (Fleet one = new Fleet(folder.resolve("one"), null, new JsonObject(), 1)) {
      begin(one, 0);
      alone = untilRollback(one, 0);
    }
    try (Fleet fleet = new Fleet(folder.resolve("three"), null)) {
      assertThat(Fleet.leads(fleet.replica(0))).isTrue();
      begin(fleet, 0);
      long begun = System.nanoTime();
      int observed = untilRollback(fleet, 1, 2);
      double seconds = (System.nanoTime() - begun) / 1e9;
      double inTwoSeconds = observed / seconds * 2;
      assertThat((double) observed)
          .as("observations through followers, in %.1f s; of one replica: %d", seconds, alone)
          .isLessThanOrEqualTo(MORE * alone + inTwoSeconds);
      fleet.replicas().forEach(each -> each.waitUntil(phase("rollback")));
      JsonObject verdict = fleet.replica(0).transitions().getJsonObject(1);
      assertThat(verdict.getString("actor")).isEqualTo("auto");
    }
  }

  /** His client tries again through each replica; beside him there are users whom all goes well. */
  @Test
  void oneUserWhoFailsThroughAllReplicasIsOneUser() throws Exception {
    try (Fleet fleet = new Fleet(folder, null)) {
      begin(fleet, 0);
      AtomicBoolean ill = new AtomicBoolean();
      fleet.fails(number -> ill.get());
      int well = 0;
      String user = someoneAtFoundry(fleet);
      fleet.fails(number -> ill.get());
      long begun = System.nanoTime();
      for (int i = 0; i < UNLUCKY; i++) {
        for (RolloutProcess each : fleet.replicas()) {
          ill.set(true);
          each.postAs(user);
          ill.set(false);
          int before = fleet.asked();
          each.posts(4);
          well += fleet.asked() - before;
        }
        Waits.pause(Duration.ofMillis(300));
      }
      double slots = 2 + Math.floor((System.nanoTime() - begun) / 1e9 / SLOT_SECONDS);
      int succeeded = well;
      // The others' samples are all there, but for what a leader that changes meanwhile may lose.
      Waits.until(
          () -> evidence(fleet.replica(0)),
          found -> found.getLong("samples") - found.getLong("hits") >= 0.95 * succeeded);
      // As through one replica, which sees a user once in each slot that the time has touched.
      double failures = evidence(fleet.replica(0)).getLong("hits");
      assertThat(failures).as("of %d", fleet.asked() - succeeded).isBetween(1.0, 1.1 * slots);
      assertThat(fleet.replica(0).state().getString("phase")).isNotEqualTo("rollback");
      fleet.replicas().forEach(each -> each.waitUntil(percentage(50)));
    }
  }

  /** A user key that has been served by Foundry, once. */
  private static String someoneAtFoundry(Fleet fleet) {
    int number = 0;
    while (fleet.asked() == 0) {
      fleet.replica(1).postAs("user-" + ++number);
    }
    return "user-" + number;
  }

  private static JsonObject evidence(RolloutProcess of) {
    return of.health().getJsonObject("sequential").getJsonObject("error");
  }

  /** The leader tells, whoever has been told to roll back; and so it is when that is over. */
  @Test
  void oneEventIsOnePage() throws Exception {
    List<JsonObject> pages = new CopyOnWriteArrayList<>();
    try (RawOrigin pager = new RawOrigin(call -> page(call, pages));
        Fleet fleet =
            new Fleet(folder, null, Fleet.alerting(pager.url() + "/hook"), Fleet.REPLICAS)) {
      begin(fleet, 0);
      fleet.replica(2).done("rollback");
      fleet.replicas().forEach(each -> each.waitUntil(phase("rollback")));
      fleet.replica(1).done("start");
      Waits.until(() -> pages.stream().anyMatch(each -> each.getString("kind").endsWith("_over")));
      Waits.pause(Duration.ofSeconds(2));
      assertThat(pages.stream().map(each -> each.getString("kind")))
          .containsExactly("rollback", "rollback_over");
      assertThat(pages.get(0).getString("replica"))
          .isEqualTo(self(fleet.replica(0)).getString("replica"));
      // Each log has it: it is that replica's history, too.
      fleet.replicas().forEach(each -> each.awaitOutput("ROLLBACK canary foundry 50 % -> 0 %"));
    }
  }

  private static void page(RawOrigin.Call call, List<JsonObject> pages) throws IOException {
    JsonObject page = new JsonObject(call.body()).getJsonObject("data");
    if (page.getString("kind").startsWith("rollback")) {
      pages.add(page);
    }
    call.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }

  private static JsonObject self(RolloutProcess of) {
    return Fleet.members(of).stream().filter(each -> each.getBoolean("self")).findFirst().get();
  }

  private static JsonArray missing(RolloutProcess of) {
    return of.get("/api/v1/cluster").getJsonArray("missing");
  }

  @Test
  void aLeaderThatIsKilledIsFollowedAndEvidenceGoesOn() throws Exception {
    try (Fleet fleet = new Fleet(folder, null)) {
      begin(fleet, 0);
      fleet.fails(number -> false);
      fleet.replica(1).posts(60);
      fleet.replica(2).posts(60);
      // Keyless requests are told by their bodies: half of them go to Foundry, and each counts.
      long before = fleet.asked();
      Waits.until(() -> observed(fleet.replica(0)), now -> now == before);
      fleet.replica(0).kill();
      List<RolloutProcess> left = fleet.replicas().subList(1, Fleet.REPLICAS);
      RolloutProcess leader =
          Waits.until(() -> left.stream().filter(Fleet::leads).toList(), found -> found.size() == 1)
              .get(0);
      left.forEach(each -> Waits.until(() -> Fleet.members(each), members -> members.size() == 2));
      Waits.until(() -> observed(leader), now -> now >= before);
      // Nothing twice: nobody has asked since.
      Waits.pause(Duration.ofSeconds(3));
      assertThat(observed(leader)).isEqualTo(before);
      untilRollback(fleet, leader == fleet.replica(1) ? 2 : 1);
      // One that is started at its address shows that it was killed, and is not elsewhere.
      assertThat(missing(leader)).hasSize(1);
      fleet.startAgain(0);
      fleet.replicas().forEach(each -> Waits.until(() -> missing(each), JsonArray::isEmpty));
    }
  }

  @Test
  void aMemberThatStandsStillIsGoneAndIsCountedOnceWhenItComesBack() throws Exception {
    try (Fleet fleet = new Fleet(folder, null)) {
      begin(fleet, 0);
      fleet.fails(number -> false);
      RolloutProcess leader = fleet.replica(0);
      RolloutProcess still = fleet.replica(2);
      still.posts(40);
      Waits.until(() -> observed(leader), now -> now == fleet.asked());
      Instant stopped = Instant.now();
      signal(still, "STOP");
      Waits.until(() -> Fleet.members(leader), members -> members.size() == 2);
      Duration seen = Duration.between(stopped, Instant.now());
      assertThat(seen).isLessThan(Waits.bound(STANDS_STILL));
      assertThat(observed(leader)).isEqualTo(fleet.asked());
      signal(still, "CONT");
      fleet
          .replicas()
          .forEach(each -> Waits.until(() -> Fleet.members(each), members -> members.size() == 3));
      still.posts(40);
      Waits.until(() -> observed(leader), now -> now == fleet.asked());
      Waits.pause(Duration.ofSeconds(2));
      assertThat(observed(leader)).isEqualTo(fleet.asked());
      countsOnceForTheNextLeader(fleet, still);
    }
  }

  /** Also by one who begins with what was written after the member had come back. */
  private static void countsOnceForTheNextLeader(Fleet fleet, RolloutProcess still) {
    assertThat(fleet.replica(0).command("pause").statusCode()).isEqualTo(200);
    fleet.replica(0).kill();
    List<RolloutProcess> left = fleet.replicas().subList(1, Fleet.REPLICAS);
    RolloutProcess next =
        Waits.until(() -> left.stream().filter(Fleet::leads).toList(), found -> found.size() == 1)
            .get(0);
    still.posts(10);
    Waits.until(() -> observed(next), now -> now >= fleet.asked());
    Waits.pause(Duration.ofSeconds(3));
    assertThat(observed(next)).isEqualTo(fleet.asked());
  }

  private static void signal(RolloutProcess to, String name) throws Exception {
    String pid = Long.toString(to.process().process().pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  private static long observed(RolloutProcess of) {
    JsonObject foundry = of.state().getJsonObject("metrics").getJsonObject("foundry");
    return foundry.getLong("requestCount");
  }
}
