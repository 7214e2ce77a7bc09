package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes of the packaged jar: the figures of all at any of them, and who is missing. */
@Tag("heavy")
class ClusterFiguresIT {
  private static final String KEY = "figures-0123456789";
  private static final Duration SOON = Duration.ofMillis(1_500);
  private static final List<String> SUMS =
      List.of("/api/v1/costs?by=model", "/api/v1/costs?by=key", "/api/v1/requests?limit=500");

  @TempDir private Path folder;

  private static JsonObject fleet(JsonObject answer) {
    return Objects.requireNonNull(answer.getJsonObject("fleet"), answer::encode);
  }

  private static long charged(RolloutProcess at, String scope) {
    return at.get("/api/v1/costs?by=model" + scope).getJsonObject("total").getLong("requests");
  }

  private static String id(RolloutProcess of) {
    return of.get("/api/v1/about").getString("replica");
  }

  private static String command(RolloutProcess at, String... words) throws Exception {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--admin";
    all[words.length + 1] = "http://127.0.0.1:" + at.process().adminPort();
    return ProxyProcess.run(Map.of(), all).output();
  }

  private static void signal(RolloutProcess to, String name) throws Exception {
    String pid = Long.toString(to.process().process().pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  /** Each has other requests, and each tells those of all. */
  private static void tellTheSameEverywhere(Fleet fleet, long sent) throws Exception {
    long sum = 0;
    for (RolloutProcess each : fleet.replicas()) {
      // An answer that takes over a second is told as missing, and asked for again here.
      Waits.untilAsserted(() -> tellsOfAll(each, sent));
      sum += charged(each, "&scope=replica");
      JsonObject own = each.get("/api/v1/split");
      assertThat(fleet(own).getString("figures")).isEqualTo("replica");
      assertThat(fleet(own).getJsonArray("from")).containsExactly(id(each));
    }
    assertThat(sum).isEqualTo(sent);
    assertThat(command(fleet.replica(2), "costs")).contains("of 3 of 3 replicas");
  }

  private static void tellsOfAll(RolloutProcess each, long sent) {
    assertThat(charged(each, "")).isEqualTo(sent);
    // The judgements are requests, too, and cost nothing.
    assertThat(each.get("/api/v1/requests").getJsonArray("requests")).hasSize((int) sent + 2);
    JsonObject feedback = each.get("/api/v1/feedback?by=provider");
    assertThat(rated(feedback)).isEqualTo(2);
    assertThat(fleet(feedback).getString("replicas")).isEqualTo("3 of 3");
    assertThat(fleet(feedback).getJsonArray("missing")).isEmpty();
  }

  private static long rated(JsonObject feedback) {
    JsonObject total = feedback.getJsonObject("total");
    return total.getJsonObject("foundry").getLong("count")
        + total.getJsonObject("legacy").getLong("count");
  }

  private static void rate(RolloutProcess at) {
    String id = at.postWith(KEY).headers().firstValue("X-Correlation-ID").orElseThrow();
    String good = "{\"correlationId\":\"%s\",\"score\":1}".formatted(id);
    assertThat(at.judge(good, KEY).statusCode()).isEqualTo(204);
  }

  @Test
  void anyReplicaTellsTheFiguresOfAllAndWhoIsMissing() throws Exception {
    try (Fleet fleet = new Fleet(folder, null, Fleet.keys(KEY), Fleet.REPLICAS)) {
      long sent = 0;
      for (int i = 0; i < Fleet.REPLICAS; i++) {
        RolloutProcess each = fleet.replica(i);
        for (int n = 0; n < 3 + i; n++) {
          assertThat(each.postWith(KEY).statusCode()).isEqualTo(200);
          sent++;
        }
      }
      rate(fleet.replica(0));
      rate(fleet.replica(1));
      tellTheSameEverywhere(fleet, sent + 2);
      leadersFiguresAreToldByFollowers(fleet);
      eachTellsOfItsProvidersAndAllOfTheHistory(fleet);
      aReplicaThatStandsStillIsNamed(fleet);
      aReplicaThatIsKilledIsNamed(fleet);
    }
  }

  /** The followers have traffic of their own: what they tell is the leader's, of all of it. */
  private static void leadersFiguresAreToldByFollowers(Fleet fleet) throws Exception {
    assertThat(fleet.replica(0).set(50).statusCode()).isEqualTo(200);
    fleet.replicas().forEach(each -> each.waitUntil(percentage(50)));
    fleet.fails(number -> false);
    fleet.replica(1).posts(20);
    fleet.replica(2).posts(20);
    String leader = id(fleet.replica(0));
    for (RolloutProcess each : fleet.replicas()) {
      Waits.until(() -> observed(each.state().getJsonObject("metrics")), n -> n == fleet.asked());
      Waits.until(() -> observed(each.health()), n -> n == fleet.asked());
      String whose = each == fleet.replica(0) ? "replica" : "leader";
      assertThat(fleet(each.state()).getString("figures")).isEqualTo(whose);
      assertThat(fleet(each.health()).getString("figures")).isEqualTo(whose);
      assertThat(fleet(each.health()).getJsonArray("from")).containsExactly(leader);
    }
    assertThat(command(fleet.replica(1), "status"))
        .contains("of all replicas, as the leader, " + leader + ", judges them");
  }

  private static void eachTellsOfItsProvidersAndAllOfTheHistory(Fleet fleet) {
    for (RolloutProcess each : fleet.replicas()) {
      JsonObject foundry = each.list("/api/v1/providers").getJsonObject(0);
      assertThat(fleet(foundry).getString("replicas")).isEqualTo("3 of 3");
      assertThat(foundry.getJsonArray("others")).hasSize(2);
      assertThat(foundry.getJsonArray("others").encode()).contains("closed").doesNotContain("open");
      JsonObject alone = each.list("/api/v1/providers?scope=replica").getJsonObject(0);
      assertThat(alone.getJsonArray("others")).isEmpty();
      assertThat(fleet(alone).getJsonArray("from")).containsExactly(id(each));
      // One directory: who led has kept it there for all.
      Waits.until(() -> each.get("/api/v1/history").getLong("rows") > 0);
      assertThat(fleet(each.get("/api/v1/history")).getString("figures")).isEqualTo("leaders");
    }
  }

  private static long observed(JsonObject sides) {
    return sides.getJsonObject("foundry").getLong("requestCount");
  }

  private static void aReplicaThatStandsStillIsNamed(Fleet fleet) throws Exception {
    RolloutProcess still = fleet.replica(2);
    String id = id(still);
    long others = charged(fleet.replica(0), "&scope=replica");
    others += charged(fleet.replica(1), "&scope=replica");
    signal(still, "STOP");
    try {
      for (String path : SUMS) {
        Instant asked = Instant.now();
        JsonObject told = fleet.replica(1).get(path);
        assertThat(Duration.between(asked, Instant.now())).as(path).isLessThan(Waits.bound(SOON));
        assertThat(fleet(told).getString("replicas")).as(path).isEqualTo("2 of 3");
        assertThat(missing(told).getString("replica")).isEqualTo(id);
      }
      assertThat(charged(fleet.replica(1), "")).isEqualTo(others);
      assertThat(command(fleet.replica(0), "costs"))
          .contains("of 2 of 3 replicas; missing: " + id + " (");
    } finally {
      signal(still, "CONT");
    }
    Waits.until(
        () -> fleet(fleet.replica(1).get(SUMS.get(0))).getString("replicas"), "3 of 3"::equals);
  }

  private static JsonObject missing(JsonObject told) {
    JsonArray missing = fleet(told).getJsonArray("missing");
    assertThat(missing).hasSize(1);
    return missing.getJsonObject(0);
  }

  private static void aReplicaThatIsKilledIsNamed(Fleet fleet) {
    String id = id(fleet.replica(2));
    fleet.replica(2).kill();
    Waits.until(() -> Fleet.members(fleet.replica(1)), members -> members.size() == 2);
    JsonObject told = fleet.replica(1).get(SUMS.get(0));
    assertThat(fleet(told).getString("replicas")).isEqualTo("2 of 3");
    assertThat(missing(told).getString("replica")).isEqualTo(id);
    assertThat(missing(told).getString("why")).startsWith("gone for ");
  }
}
