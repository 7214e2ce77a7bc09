package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes of the packaged jar, one of which is cut off from the others for a while. */
@Tag("heavy")
class PartitionIT {
  @TempDir private Path folder;

  private Fleet fleet() throws Exception {
    return fleet(new JsonObject());
  }

  private Fleet fleet(JsonObject changes) throws Exception {
    return new Fleet(folder, null, changes, Fleet.REPLICAS, Links::address);
  }

  private static void begin(Fleet fleet) {
    assertThat(Fleet.leads(fleet.replica(0))).isTrue();
    assertThat(fleet.replica(0).set(50).statusCode()).isEqualTo(200);
    fleet.replicas().forEach(each -> each.waitUntil(percentage(50)));
  }

  private static JsonObject cluster(RolloutProcess of) {
    return of.get("/api/v1/cluster");
  }

  private static double share(RolloutProcess of) {
    Double share = cluster(of).getDouble("share");
    return share == null ? 0 : share;
  }

  private static String self(RolloutProcess of) {
    return Fleet.members(of).stream()
        .filter(each -> each.getBoolean("self"))
        .findFirst()
        .orElseThrow()
        .getString("replica");
  }

  private static JsonObject evidence(RolloutProcess of) {
    return of.health().getJsonObject("sequential").getJsonObject("error");
  }

  private static void awaitShare(RolloutProcess of, double share) {
    Waits.until(() -> share(of), now -> Math.abs(now - share) < 0.01);
  }

  private static void awaitThreshold(RolloutProcess of, double nats) {
    Waits.until(() -> evidence(of).getDouble("threshold"), now -> Math.abs(now - nats) < 0.01);
  }

  /** It hears no leader: what it sees itself is enough, though it needs more of it. */
  @Test
  void aReplicaThatIsCutOffRollsBackByItsOwnPartOfAlpha() throws Exception {
    List<JsonObject> pages = new CopyOnWriteArrayList<>();
    try (RawOrigin pager = new RawOrigin(call -> page(call, pages));
        Links links = new Links();
        Fleet fleet = fleet(Fleet.alerting(pager.url() + "/hook"))) {
      begin(fleet);
      RolloutProcess alone = fleet.replica(2);
      double threshold = evidence(fleet.replica(0)).getDouble("threshold");
      links.cut(0, 2);
      links.cut(1, 2);
      awaitShare(alone, 1.0 / 3);
      awaitShare(fleet.replica(0), 2.0 / 3);
      assertThat(cluster(alone).getString("side")).isEqualTo(self(alone));
      awaitThreshold(alone, threshold + Math.log(3));
      awaitThreshold(fleet.replica(0), threshold + Math.log(1.5));
      assertThat(cluster(fleet.replica(0)).getJsonArray("missing")).containsExactly(self(alone));
      assertOnePageOfBothSides(pages, self(fleet.replica(0)), self(alone));
      // No order but a rollback is carried out without a leader.
      assertThat(alone.set(60).statusCode()).isEqualTo(503);
      fleet.fails(number -> number % 10 == 1 || number % 10 == 4 || number % 10 == 8);
      Waits.until(alone::state, phase("rollback"), () -> alone.posts(2));
      // Nobody else has seen one of these requests.
      JsonObject verdict = alone.rollbacks().getJsonObject(0);
      assertThat(verdict.getString("actor")).isEqualTo("auto");
      fleet.replicas().forEach(each -> each.waitUntil(phase("rollback")));
      links.heal();
      awaitShare(fleet.replica(0), 1);
      fleet.replicas().forEach(each -> each.waitUntil(phase("rollback")));
      Waits.until(() -> of(pages, "cluster_parted_over").size() == 1);
      assertThat(of(pages, "cluster_parted")).hasSize(2);
    }
  }

  private static void page(RawOrigin.Call call, List<JsonObject> pages) throws IOException {
    pages.add(new JsonObject(call.body()).getJsonObject("data"));
    call.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }

  private static List<JsonObject> of(List<JsonObject> pages, String kind) {
    return pages.stream().filter(each -> each.getString("kind").equals(kind)).toList();
  }

  /** Each side tells once, by who judges there; receivers see one id. */
  private static void assertOnePageOfBothSides(List<JsonObject> pages, String... sides) {
    Waits.until(() -> of(pages, "cluster_parted").size() == sides.length);
    List<JsonObject> told = of(pages, "cluster_parted");
    assertThat(told).extracting(each -> each.getString("replica")).containsExactlyInAnyOrder(sides);
    assertThat(told)
        .extracting(each -> each.getString("id"))
        .containsOnly(told.get(0).getString("id"));
  }

  /** The exchanges of each side count once, in the figures and as evidence. */
  @Test
  void sidesThatMeetGoOnWithTheMeanOfWhatTheyHaveFound() throws Exception {
    try (Links links = new Links();
        Fleet fleet = fleet()) {
      begin(fleet);
      fleet.fails(number -> false);
      List<RolloutProcess> others = List.of(fleet.replica(1), fleet.replica(2));
      // None through the leader: a side knows of that what the last checkpoint has.
      others.forEach(each -> each.posts(30));
      int known = fleet.asked();
      Waits.until(() -> observed(fleet.replica(0)), now -> now == known);
      Waits.until(() -> evidence(fleet.replica(0)).getLong("samples"), now -> now == known);
      links.cut(0, 1);
      links.cut(0, 2);
      RolloutProcess judge =
          Waits.until(
                  () -> others.stream().filter(each -> share(each) > 0.6).toList(),
                  found -> found.size() == 1)
              .get(0);
      awaitShare(fleet.replica(0), 1.0 / 3);
      // Too few to decide, enough to be seen: one in twelve.
      fleet.fails(number -> number % 12 == 5);
      Waits.until(() -> evidence(judge).getLong("samples") - known, more -> more == 0);
      others.forEach(each -> each.posts(60));
      int asked = fleet.asked();
      Waits.until(() -> evidence(judge).getLong("samples") - known - asked, more -> more == 0);
      // The last failures are weighed a tick or two after they are counted.
      Waits.pause(Duration.ofSeconds(3));
      double side = Math.exp(evidence(judge).getDouble("lnE"));
      double leader = Math.exp(evidence(fleet.replica(0)).getDouble("lnE"));
      long before = observed(fleet.replica(0));
      links.heal();
      awaitShare(fleet.replica(0), 1);
      assertThat(observed(fleet.replica(0))).isEqualTo(before + asked);
      double mean = (leader + 2 * side) / 3;
      Waits.until(
          () -> Math.exp(evidence(fleet.replica(0)).getDouble("lnE")),
          met -> Math.abs(met - mean) < 0.02 * mean);
      fleet.replica(0).awaitOutput("A side of the cluster, 67 % of its members, is heard again");
      // Nothing twice: nobody has asked since.
      Waits.pause(Duration.ofSeconds(3));
      assertThat(observed(fleet.replica(0))).isEqualTo(before + asked);
      fleet.replicas().forEach(each -> each.waitUntil(percentage(50)));
      IntStream.range(1, Fleet.REPLICAS).forEach(each -> assertNoSide(fleet.replica(each)));
    }
  }

  /** The leader's own traffic goes to nobody's judge but its own. */
  @Test
  void whatPassedThroughALeaderIsKnownToTheNextOne() throws Exception {
    try (Fleet fleet = fleet()) {
      begin(fleet);
      fleet.fails(number -> number % 12 == 5);
      // The comparison tells what it had at its last look: the first one is at twenty of Foundry's.
      int asked = 20;
      while (fleet.asked() < asked) {
        fleet.replica(0).post();
      }
      Waits.until(() -> evidence(fleet.replica(0)).getLong("samples"), now -> now == asked);
      JsonObject found = evidence(fleet.replica(0));
      Waits.until(() -> compared(fleet.replica(0)), now -> now == asked);
      // A deputy hears of it once a second.
      Waits.pause(Duration.ofSeconds(2));
      fleet.replica(0).kill();
      List<RolloutProcess> left = fleet.replicas().subList(1, Fleet.REPLICAS);
      RolloutProcess leader =
          Waits.until(() -> left.stream().filter(Fleet::leads).toList(), all -> all.size() == 1)
              .get(0);
      Waits.until(() -> evidence(leader).getLong("samples"), now -> now >= asked);
      Waits.pause(Duration.ofSeconds(3));
      assertThat(evidence(leader).getLong("samples")).isEqualTo(asked);
      assertThat(evidence(leader).getLong("hits")).isEqualTo(found.getLong("hits"));
      assertThat(evidence(leader).getDouble("lnE")).isCloseTo(found.getDouble("lnE"), within(0.05));
      Waits.until(() -> compared(leader), now -> now == asked);
    }
  }

  /** The observations of the comparison with legacy. */
  private static long compared(RolloutProcess of) {
    return of.health().getJsonArray("metrics").stream()
        .map(JsonObject.class::cast)
        .filter(row -> row.getString("title").equals("Errors by user"))
        .mapToLong(row -> row.getLong("samples"))
        .sum();
  }

  private static void assertNoSide(RolloutProcess replica) {
    Waits.until(() -> cluster(replica), told -> told.getString("side") == null);
  }

  private static long observed(RolloutProcess of) {
    JsonObject foundry = of.state().getJsonObject("metrics").getJsonObject("foundry");
    return foundry.getLong("requestCount");
  }
}
