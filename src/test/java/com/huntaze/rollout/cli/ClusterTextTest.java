package com.huntaze.rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterTextTest {
  private static JsonObject member(String replica, boolean leads, boolean self) {
    return new JsonObject()
        .put("replica", replica)
        .put("leads", leads)
        .put("build", "0.2.0")
        .put("percentage", 50)
        .put("configuration", "ab12")
        .put("drift", false)
        .put("self", self)
        .put("stale", false)
        .put("ageMillis", self ? 0L : 420L)
        .put("rowAgeMillis", self ? 0L : 1_250L)
        .put("exchangesAgeMillis", self ? 0L : 650L);
  }

  private static JsonObject cluster(String leader, JsonObject... members) {
    JsonArray all = new JsonArray();
    for (JsonObject each : members) {
      all.add(each);
    }
    return new JsonObject().put("name", "rollout").put("leader", leader).put("members", all);
  }

  @Test
  void tellsEachMemberInARow() {
    JsonObject other = member("b", false, false).put("drift", true).put("stale", true);
    JsonObject unknown = new JsonObject().put("self", false).put("stale", true).put("drift", false);
    assertThat(ClusterText.of(cluster("a", member("a", true, true), other, unknown)))
        .isEqualTo(
            """
            rollout  3 members, led by a
            REPLICA        ROLE      VERSION       SHARE     HEARD      ROWS EXCHANGES  DRIFT
            a              leader *  0.2.0          50 %         -         -         -  no
            b              follower  0.2.0          50 %   0.4 s !     1.3 s     0.7 s  yes, ab12
            ?              ?         ?                 ?       - !         -         -  no""");
    JsonObject busy = cluster("a", member("a", true, true)).put("comparedOneIn", 4);
    assertThat(ClusterText.of(busy))
        .endsWith("One user in 4 is compared with legacy's: there is no room for more.");
    assertThat(ClusterText.of(cluster(null, member("a\u0007", false, true))))
        .contains("no leader is heard", "a?")
        .doesNotContain("\u0007");
  }

  @Test
  void aPartedClusterSaysWhoJudgesAndForHowMuch() {
    JsonObject whole = cluster("a", member("a", true, true)).putNull("side");
    assertThat(ClusterText.of(whole.copy().put("share", 1.0))).doesNotContain("judges", "evidence");
    assertThat(ClusterText.of(whole.copy().putNull("share"))).doesNotContain("judges", "evidence");
    assertThat(ClusterText.of(whole.copy().put("share", 2.0 / 3)))
        .endsWith(
            "The leader hears only some of the members, 67 % of all: a rollback by itself takes more"
                + " evidence until all hear each other.");
    JsonObject side = cluster(null, member("b", false, true)).put("side", "c\u0007");
    assertThat(ClusterText.of(side.copy().putNull("share")))
        .endsWith(
            "No leader is heard, so c? judges for the members that it hears: a rollback by itself"
                + " takes more evidence until all hear each other.");
    assertThat(ClusterText.of(side.put("share", 0.34)))
        .contains("judges for the members that it hears, 34 % of all:");
    assertThat(ClusterText.of(side.put("missing", new JsonArray().add("a").add("d\u0007"))))
        .endsWith("until all hear each other. Not heard: a, d?.");
    JsonArray many = new JsonArray(List.of("1", "2", "3", "4", "5", "6", "7"));
    assertThat(ClusterText.of(whole.copy().put("missing", many)))
        .endsWith("\nNot heard: 1, 2, 3, 4, 5 and 2 more.");
  }

  @Test
  void theExitCodeTellsWhetherAllAreHeardAndAlike() {
    JsonObject a = member("a", true, true);
    assertThat(ClusterText.verdict(cluster("a", a, member("b", false, false))))
        .isEqualTo(ExitCode.GOOD);
    assertThat(ClusterText.verdict(cluster(null, a))).isEqualTo(ExitCode.WAITS);
    JsonObject missing = cluster("a", a).put("missing", new JsonArray().add("c09e11d2"));
    assertThat(ClusterText.verdict(missing)).isEqualTo(ExitCode.WAITS);
    assertThat(ClusterText.verdict(cluster("a", a, member("b", false, false).put("drift", true))))
        .isEqualTo(ExitCode.WAITS);
    assertThat(ClusterText.verdict(cluster("a", a, member("b", false, false).put("stale", true))))
        .isEqualTo(ExitCode.WAITS);
  }
}
