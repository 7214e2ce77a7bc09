package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
  private static final int PER_SECOND = 10;
  private static final int KEY_REQUESTS = 160;

  private static final Duration STANDS_STILL = Duration.ofSeconds(5);
  private static final int ROUNDS = 7;
  private static final Duration EVERYWHERE = Duration.ofMillis(300);

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

  private static JsonObject key(String id) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
    return new JsonObject()
        .put("id", id)
        .put("sha256", HexFormat.of().formatHex(hash))
        .put("perSecond", PER_SECOND);
  }

  /**
   * Requests by a key, 40 a second, through one replica after the other.
   *
   * @return those let through; those that one replica would have let through at most, its burst and
   *     its rate from then on; and its rate alone, as far as it was asked for
   */
  private static double[] through(List<RolloutProcess> replicas, String key, int requests) {
    long begun = System.nanoTime();
    int admitted = 0;
    for (int i = 0; i < requests; i++) {
      HttpResponse<String> answer = replicas.get(i % replicas.size()).postWith(key);
      assertThat(answer.statusCode()).isIn(200, 429);
      admitted += answer.statusCode() == 200 ? 1 : 0;
      Waits.pause(Duration.ofMillis(25));
    }
    double rate = PER_SECOND * (System.nanoTime() - begun) / 1e9;
    return new double[] {admitted, PER_SECOND + rate, Math.min(rate, requests)};
  }

  /** The balancer sends a judgement anywhere. */
  @Test
  void anAnswerIsJudgedAtAnyReplica() throws Exception {
    JsonArray keys = new JsonArray().add(key("one-0123456789")).add(key("other-0123456789"));
    JsonObject auth = new JsonObject().put("auth", new JsonObject().put("keys", keys));
    try (Fleet fleet = new Fleet(folder, null, auth, Fleet.REPLICAS)) {
      String id =
          fleet
              .replica(0)
              .postWith("one-0123456789")
              .headers()
              .firstValue("X-Correlation-ID")
              .orElseThrow();
      String good = "{\"correlationId\":\"%s\",\"score\":0.5}".formatted(id);
      assertThat(fleet.replica(2).judge(good, "other-0123456789").statusCode()).isEqualTo(404);
      assertThat(fleet.replica(2).judge(good, "one-0123456789").statusCode()).isEqualTo(204);
      assertThat(fleet.replica(1).judge(good, "one-0123456789").statusCode()).isEqualTo(204);
      assertThat(fleet.replica(1).judge("{\"score\":2}", "one-0123456789").statusCode())
          .isEqualTo(400);
      HttpResponse<String> unknown =
          fleet.replica(1).judge(good.replace(id, "nobodys"), "one-0123456789");
      assertThat(unknown.statusCode()).isEqualTo(404);
      assertThat(unknown.body()).contains("correlationId: nobodys not known");
      String counts = fleet.replica(0).get("/api/v1/feedback").encode();
      assertThat(counts).contains("\"count\":1");
    }
  }

  /**
   * A client of each kind at the same time: one everywhere from its first request on, and one that
   * stays, once it is known.
   */
  @Test
  void aKeysLimitIsThatOfTheFleet() throws Exception {
    JsonArray keys = new JsonArray().add(key("everywhere-0123456789")).add(key("stays-0123456789"));
    JsonObject auth = new JsonObject().put("auth", new JsonObject().put("keys", keys));
    try (Fleet fleet = new Fleet(folder, null, auth, Fleet.REPLICAS)) {
      CompletableFuture<double[]> stays =
          CompletableFuture.supplyAsync(
              () -> {
                List<RolloutProcess> one = fleet.replicas().subList(2, 3);
                through(one, "stays-0123456789", KEY_REQUESTS / 4);
                return through(one, "stays-0123456789", KEY_REQUESTS);
              });
      double[] everywhere = through(fleet.replicas(), "everywhere-0123456789", KEY_REQUESTS);
      assertThat(everywhere[0]).isBetween(0.8 * everywhere[2], 1.1 * everywhere[1]);
      double[] alone = stays.join();
      assertThat(alone[0]).isBetween(0.9 * alone[2], 1.1 * alone[1]);
    }
  }

  @Test
  void aRollbackAtAFollowerHoldsEverywhereAtOnce() throws Exception {
    try (Fleet fleet = new Fleet(folder, null)) {
      begin(fleet, 0);
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        List<CompletableFuture<Long>> seen =
            fleet.replicas().stream()
                .map(each -> CompletableFuture.supplyAsync(() -> rolledBackAt(each)))
                .toList();
        fleet.replica(2).done("rollback");
        long last = seen.stream().mapToLong(CompletableFuture::join).max().orElseThrow();
        JsonArray all = fleet.replica(2).rollbacks();
        String at = all.getJsonObject(all.size() - 1).getString("at");
        millis.add(last - Instant.parse(at).toEpochMilli());
        fleet.replica(1).done("start");
        fleet.replicas().forEach(each -> each.waitUntil(phase("canary_10")));
      }
      // By its marker alone it would come too, with the look at the files.
      fleet
          .replicas()
          .forEach(each -> assertThat(each.process().output()).doesNotContain("cannot be read"));
      // The first finds cold code; none may wait for the look at the files, once a second.
      assertThat(millis.stream().sorted().toList().get(ROUNDS / 2))
          .isLessThan(Waits.bound(EVERYWHERE).toMillis());
    }
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

  private static long rolledBackAt(RolloutProcess replica) {
    replica.waitUntil(phase("rollback"));
    return System.currentTimeMillis();
  }

  @Test
  void anyReplicaTakesAnyOrder() throws Exception {
    try (Fleet fleet = new Fleet(folder, null)) {
      RolloutProcess follower = fleet.replica(1);
      assertThat(Fleet.leads(follower)).isFalse();
      String id = self(follower).getString("replica");
      follower.done("start");
      assertThat(follower.set(30).statusCode()).isEqualTo(200);
      follower.done("pause");
      follower.done("resume");
      fleet.replicas().forEach(each -> each.waitUntil(percentage(30)));
      assertThat(fleet.replica(0).transitions().stream())
          .hasSize(4)
          .allSatisfy(
              each ->
                  assertThat(((JsonObject) each).getString("actor"))
                      .isEqualTo("api, through " + id));
      assertThat(follower.set(130).statusCode()).isEqualTo(400);
      HttpResponse<String> senseless = follower.command("resume");
      assertThat(senseless.statusCode()).isIn(200, 409);
    }
  }

  private static JsonObject self(RolloutProcess of) {
    return Fleet.members(of).stream().filter(each -> each.getBoolean("self")).findFirst().get();
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
    }
  }

  private static void signal(RolloutProcess to, String name) throws Exception {
    String pid = Long.toString(to.process().process().pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  private static long observed(RolloutProcess of) {
    JsonObject foundry = of.state().getJsonObject("metrics").getJsonObject("foundry");
    return foundry.getLong("requestCount");
  }

  @Test
  void eachReplicaTellsOfAllAndOfADifferentConfiguration() throws Exception {
    try (Fleet fleet = new Fleet(folder, null)) {
      String leader = self(fleet.replica(0)).getString("replica");
      for (RolloutProcess each : fleet.replicas()) {
        JsonObject told = each.get("/api/v1/cluster");
        assertThat(told.getString("leader")).isEqualTo(leader);
        assertThat(Fleet.members(each))
            .hasSize(3)
            .noneMatch(member -> member.getBoolean("drift"))
            .noneMatch(member -> member.getBoolean("stale"));
      }
      Waits.until(
          () -> Fleet.members(fleet.replica(0)),
          all -> all.stream().allMatch(each -> each.getInteger("rowAgeMillis") != null));
      String admin = "http://127.0.0.1:" + fleet.replica(1).process().adminPort();
      ProxyProcess.Ended told = ProxyProcess.run(Map.of(), "cluster", "--admin", admin);
      assertThat(told.code()).as(told.output()).isZero();
      assertThat(told.output()).contains("3 members, led by " + leader, "follower *");
    }
  }
}
