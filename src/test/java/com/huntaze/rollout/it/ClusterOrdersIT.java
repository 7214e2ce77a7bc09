package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes of the packaged jar that are one rollout, while all of them are well. */
@Tag("heavy")
class ClusterOrdersIT {
  private static final int PER_SECOND = 10;
  private static final int KEY_REQUESTS = 160;
  private static final int ROUNDS = 7;
  private static final int USERS = 60;
  private static final int RARE = 25;
  private static final Duration EVERYWHERE = Duration.ofMillis(300);

  @TempDir private static Path folder;

  private static Fleet fleet;

  @BeforeAll
  static void start() throws Exception {
    JsonArray keys =
        new JsonArray()
            .add(key("everywhere-0123456789"))
            .add(key("stays-0123456789"))
            .add(key("one-0123456789"))
            .add(key("other-0123456789"));
    JsonObject auth = new JsonObject().put("auth", new JsonObject().put("keys", keys));
    fleet = new Fleet(folder, null, auth, Fleet.REPLICAS);
  }

  @AfterAll
  static void stop() throws Exception {
    fleet.close();
  }

  @BeforeEach
  void fresh() {
    fleet.answers(call -> "");
    if (!fleet.replica(0).state().getString("phase").equals("initial")) {
      fleet.replica(0).done("reset");
    }
    fleet.replicas().forEach(each -> each.waitUntil(phase("initial")));
  }

  private static void begin() {
    assertThat(fleet.replica(0).set(50).statusCode()).isEqualTo(200);
    fleet.replicas().forEach(each -> each.waitUntil(percentage(50)));
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

  /**
   * A client of each kind at the same time: one everywhere from its first request on, and one that
   * stays, once it is known.
   */
  @Test
  void aKeysLimitIsThatOfTheFleet() throws Exception {
    CompletableFuture<double[]> stays =
        CompletableFuture.supplyAsync(
            () -> {
              List<RolloutProcess> one = fleet.replicas().subList(2, 3);
              through(one, "stays-0123456789", KEY_REQUESTS / 4);
              return through(one, "stays-0123456789", KEY_REQUESTS);
            });
    double[] everywhere = through(fleet.replicas(), "everywhere-0123456789", KEY_REQUESTS);
    // What lies idle at one replica is lent to another.
    assertThat(everywhere[0]).isBetween(0.8 * everywhere[2], 1.1 * everywhere[1]);
    double[] alone = stays.join();
    assertThat(alone[0]).isBetween(0.9 * alone[2], 1.1 * alone[1]);
    assertThat(fleet.replica(2).share("key:stays-0123456789")).isGreaterThan(0.9);
    assertThat(fleet.replica(0).share("key:stays-0123456789")).isLessThan(0.1);
    assertThat(fleet.replica(0).share("retries")).isBetween(0.01, 0.99);
  }

  @Test
  void aRollbackAtAFollowerHoldsEverywhereAtOnce() throws Exception {
    begin();
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

  private static long rolledBackAt(RolloutProcess replica) {
    replica.waitUntil(phase("rollback"));
    return System.currentTimeMillis();
  }

  @Test
  void anyReplicaTakesAnyOrder() throws Exception {
    RolloutProcess follower = fleet.replica(1);
    int before = fleet.replica(0).transitions().size();
    assertThat(Fleet.leads(follower)).isFalse();
    String id = self(follower).getString("replica");
    follower.done("start");
    assertThat(follower.set(30).statusCode()).isEqualTo(200);
    follower.done("pause");
    follower.done("resume");
    fleet.replicas().forEach(each -> each.waitUntil(percentage(30)));
    assertThat(fleet.replica(0).transitions().stream().skip(before))
        .hasSize(4)
        .allSatisfy(
            each ->
                assertThat(((JsonObject) each).getString("actor")).isEqualTo("api, through " + id));
    assertThat(follower.set(130).statusCode()).isEqualTo(400);
    HttpResponse<String> senseless = follower.command("resume");
    assertThat(senseless.statusCode()).isIn(200, 409);
  }

  @Test
  void eachReplicaTellsOfAllAndOfADifferentConfiguration() throws Exception {
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

  /** The leader gets no request at all, and its words are read at any replica. */
  private static void heldThroughFollowers(String model, String... words) {
    begin();
    int[] sent = {0};
    for (RolloutProcess each : fleet.replicas()) {
      Waits.until(
          () -> each.state().getString("next"),
          next -> Arrays.stream(words).allMatch(next::contains),
          () -> throughFollower(sent[0]++, model));
    }
    JsonObject health = fleet.replica(0).health();
    assertThat(health.getString("verdict")).isEqualTo("alert");
    assertThat(health.getJsonObject("promotion").getBoolean("ready")).isFalse();
    fleet.replicas().forEach(each -> each.waitUntil(percentage(50)));
  }

  /** Each user names the model in his turn, through either follower. */
  private static void throughFollower(int number, String model) {
    int round = number / RARE;
    boolean rare = number % RARE == 0;
    int user = rare ? round % USERS : number % USERS;
    fleet.replica(1 + (number + round) % 2).postAs("user-" + user, rare ? model : "usual");
  }

  @Test
  void refusalsThroughFollowersHoldTheRollout() {
    fleet.answers(call -> "429 Later");
    heldThroughFollowers("usual", "answers 429 by user: 100.0 % (", "against legacy's 0.0 % (0 of");
  }

  @Test
  void aModelThatAlwaysFailsThroughFollowersIsToldByName() {
    fleet.answers(call -> call.body().contains("sick") ? "500 No" : "");
    heldThroughFollowers("sick", "errors by user in model sick: 100.0 % (");
  }

  private static JsonObject self(RolloutProcess of) {
    return Fleet.members(of).stream().filter(each -> each.getBoolean("self")).findFirst().get();
  }
}
