package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeersTest {
  private final Peers<String> peers = new Peers<>();

  PeersTest() {
    peers.members(List.of("a", "b"), 0);
  }

  private static JsonObject status(String replica, boolean leads, long term) {
    return new JsonObject()
        .put("replica", replica)
        .put("leads", leads)
        .put("term", term)
        .put("configuration", "c" + term);
  }

  @Test
  void theFirstAreThoseWithTheLeastNamesWhoseFramesAreNewEnough() {
    Peers<String> others = new Peers<>();
    others.members(List.of("x", "y", "z"), 0);
    others.status("x", new JsonObject().put("replica", "c"), 6, 0);
    others.status("y", new JsonObject().put("replica", "a"), 5, 0);
    others.status("z", new JsonObject().put("replica", "b"), 6, 0);
    assertThat(others.first(2, 6, 0)).containsExactly("z", "x");
    assertThat(others.first(1, 5, 0)).containsExactly("y");
    assertThat(others.first(2, 6, 60_000)).isEmpty();
  }

  @Test
  void theLeaderIsTheOneOfTheLargestTermThatIsHeard() {
    assertThat(peers.leader(0)).isEmpty();
    peers.status("a", status("one", true, 3), 1, 1_000);
    assertThat(peers.leader(1_000)).contains("a");
    peers.status("b", status("two", true, 4), 1, 1_100);
    assertThat(peers.leader(1_100)).contains("b");
    assertThat(peers.replica("b")).isEqualTo("two");
    peers.status("b", status("two", false, 4), 1, 1_200);
    assertThat(peers.leader(1_200)).contains("a");
    assertThat(peers.leader(1_000 + Peers.HEARD_MILLIS)).contains("a");
    assertThat(peers.leader(1_001 + Peers.HEARD_MILLIS)).isEmpty();
  }

  /** A member of the version before does not know the question: it is named, not waited for. */
  @Test
  void figuresAreAskedOfThoseWhoUnderstandAndTheOthersAreNamed() {
    peers.members(List.of("a", "b", "c", "d"), 0);
    peers.status("a", status("one", true, 3), Frame.FIGURES_SINCE, 0);
    peers.status("b", status("two", false, 3), Frame.FIGURES_SINCE - 1, 0);
    peers.status("d", status("four", false, 3), Frame.FIGURES_SINCE, 0);
    peers.members(List.of("a", "b", "c"), 1_000);
    Questions.Members<String> all = peers.asked(false, 3_000);
    assertThat(all.asked()).containsExactly("a");
    assertThat(all.absent())
        .containsExactly(
            Questions.missing("four", "gone for 2 s"),
            Questions.missing("two", "of an earlier version"),
            Questions.missing("", "not heard yet"));
    assertThat(peers.asked(true, 3_000).asked()).containsExactly("a");
    peers.status("a", status("one", true, 3), Frame.FIGURES_SINCE - 1, 3_000);
    assertThat(peers.asked(true, 3_000).asked()).isEmpty();
  }

  @Test
  void whoIsGoneIsForgottenAndItsRowsAreTheirs() {
    peers.status("a", status("one", true, 3), 1, 0);
    assertThat(peers.row("a", "replica-one", 0)).isTrue();
    assertThat(peers.row("stranger", "replica-x", 0)).isFalse();
    // No member speaks for another.
    assertThat(peers.row("a", "replica-two", 0)).isFalse();
    assertThat(peers.row("b", "replica-one", 0)).isFalse();
    assertThat(peers.members(List.of("b"), 0)).containsExactly("replica-one");
    assertThat(peers.leader(0)).isEmpty();
    assertThat(peers.count()).isEqualTo(1);
    peers.status("a", status("one", true, 9), 1, 0);
    assertThat(peers.leader(0)).isEmpty();
  }

  @Test
  void aStatusOfAnotherKindIsNotKept() {
    for (String name : List.of("leads", "term", "percentage", "clock")) {
      JsonObject strange = status("two", true, 9).put(name, "x");
      assertThatThrownBy(() -> peers.status("a", strange, 1, 0))
          .isInstanceOf(ClassCastException.class);
    }
    assertThat(peers.leader(0)).isEmpty();
  }

  @Test
  void rowsAreForgottenWithTheLead() {
    peers.status("a", status("one", true, 3), 1, 0);
    peers.row("a", "replica-one", 0);
    assertThat(peers.forgetRows()).containsExactly("replica-one");
    assertThat(peers.forgetRows()).isEmpty();
  }

  @Test
  void eachIsToldWithItsAgeAndWhetherItsConfigurationIsAnother() {
    peers.status("a", status("one", true, 3), 1, 1_000);
    peers.row("a", "replica-one", 1_500);
    List<JsonObject> told = peers.told(1_800, "c3");
    assertThat(told).hasSize(2);
    assertThat(told.get(0).getLong("ageMillis")).isEqualTo(800);
    assertThat(told.get(0).getLong("rowAgeMillis")).isEqualTo(300);
    assertThat(told.get(0).getBoolean("drift")).isFalse();
    assertThat(told.get(0).getBoolean("stale")).isFalse();
    assertThat(told.get(1).getString("replica")).isNull();
    assertThat(told.get(1).getBoolean("stale")).isTrue();
    assertThat(peers.told(1_800, "other").get(0).getBoolean("drift")).isTrue();
  }

  @Test
  void aConfigurationDriftsFromTheMomentItIsAnother() {
    peers.status("a", status("one", true, 3), 1, 0);
    peers.status("b", status("two", false, 4), 1, 0);
    peers.compare("c3", 1_000);
    assertThat(peers.drifted(60_000, 60_999)).isEmpty();
    assertThat(peers.drifted(60_000, 61_000)).containsExactly("two");
    peers.compare("c4", 61_000);
    assertThat(peers.drifted(60_000, 61_001)).isEmpty();
    assertThat(peers.drifted(60_000, 121_000)).containsExactly("one");
  }

  @Test
  void whoIsLostIsWaitedForAndWhoHasLeftInOrderIsNot() {
    peers.status("a", status("one", false, 3), 1, 0);
    peers.status("b", status("two", false, 3).put("leaves", true), 1, 0);
    peers.members(List.of(), 2_000);
    assertThat(peers.known()).isEqualTo(1);
    assertThat(peers.missing(0, 14_000)).containsExactly("one gone for 12 s");
    peers.compare("c3", 2_000 + LostMembers.LOST_MILLIS - 1);
    assertThat(peers.known()).isEqualTo(1);
    peers.compare("c3", 2_000 + LostMembers.LOST_MILLIS);
    assertThat(peers.known()).isZero();
  }

  @Test
  void whoComesBackIsLostNoMore() {
    peers.status("a", status("one", false, 3), 1, 0);
    peers.members(List.of("b"), 0);
    peers.members(List.of("b", "a2"), 1_000);
    assertThat(peers.known()).isEqualTo(3);
    peers.status("a2", status("one", false, 3), 1, 1_000);
    assertThat(peers.known()).isEqualTo(2);
  }

  /** A pod that was killed and started again is another replica, in the same place. */
  @Test
  void whosePlaceIsTakenIsLostNoMore() {
    peers.status("a", status("one", false, 3).put("place", "rollout-0"), 1, 0);
    peers.status("b", status("two", false, 3).put("place", "rollout-1"), 1, 0);
    peers.members(List.of(), 0);
    assertThat(peers.unheard(1_000)).containsExactly("one", "two");
    peers.members(List.of("a2"), 1_000);
    assertThat(peers.known()).isEqualTo(3);
    peers.status("a2", status("three", false, 3).put("place", "rollout-0"), 1, 1_000);
    assertThat(peers.unheard(1_000)).containsExactly("two");
    assertThat(peers.known()).isEqualTo(2);
  }

  /** The connections of one that was killed may be missed only after the next one has come. */
  @Test
  void whosePlaceWasTakenBeforeItWasMissedIsNotLost() {
    peers.status("a", status("one", false, 3).put("place", "10.0.0.1:7800"), 1, 0);
    peers.members(List.of("a", "a2"), 1_000);
    peers.status("a2", status("three", false, 3).put("place", "10.0.0.1:7800"), 1, 1_000);
    peers.members(List.of("a2"), 2_000);
    assertThat(peers.unheard(2_000)).isEmpty();
    assertThat(peers.known()).isEqualTo(1);
  }

  /** Replicas of earlier versions tell no place; nor does one that has not been heard yet. */
  @Test
  void whoTellsNoPlaceTakesNone() {
    peers.status("a", status("one", false, 3), 1, 0);
    peers.members(List.of("b"), 0);
    peers.status("b", status("two", false, 3), 1, 1_000);
    assertThat(peers.unheard(1_000)).containsExactly("one");
  }

  /** Clocks of processes begin anywhere; what was told is as old as it has been known. */
  @Test
  void theClockOfAMemberGoesOnFromWhatItHasTold() {
    assertThat(peers.clock("a", 5)).isEmpty();
    peers.status("a", status("one", true, 3).put("clock", -40_000), 1, 1_000);
    peers.status("b", status("two", false, 3), 1, 1_000);
    assertThat(peers.clock("a", 1_000)).hasValue(-40_000);
    assertThat(peers.clock("a", 3_500)).hasValue(-37_500);
    assertThat(peers.clock("b", 3_500)).isEmpty();
    assertThat(peers.clock("stranger", 3_500)).isEmpty();
  }

  /** Nobody has sent rows to one who has not led. */
  @Test
  void whoSendsNoRowsIsMissing() {
    peers.status("a", status("one", false, 3), 1, 0);
    peers.status("b", status("two", false, 3), 1, 0);
    assertThat(peers.missing(100_000, 105_000)).isEmpty();
    peers.row("a", "replica-one", 104_000);
    peers.exchanges("a", 104_000);
    assertThat(peers.missing(100_000, 107_500)).containsExactly("two silent for 7 s");
    assertThat(peers.missing(100_000, 109_001))
        .containsExactly("one silent for 5 s", "two silent for 9 s");
  }

  /** Promotion waits for exchanges as it does for rows. */
  @Test
  void whoSendsRowsAndNoExchangesIsMissing() {
    peers.status("a", status("one", false, 3), Frame.EXCHANGES_SINCE, 0);
    peers.status("b", status("two", false, 3), Frame.EXCHANGES_SINCE - 1, 0);
    peers.row("a", "replica-one", 107_000);
    peers.row("b", "replica-two", 107_000);
    assertThat(peers.missing(100_000, 105_000)).isEmpty();
    assertThat(peers.missing(100_000, 107_000))
        .containsExactly(
            "one without exchanges for 7 s", "two of an earlier version without exchanges for 7 s");
    assertThat(peers.exchanges("a", 107_000)).isTrue();
    assertThat(peers.exchanges("stranger", 107_000)).isFalse();
    assertThat(peers.missing(100_000, 107_000)).hasSize(1);
    assertThat(peers.told(107_500, "c3").get(0).getLong("exchangesAgeMillis")).isEqualTo(500);
    assertThat(peers.told(107_500, "c3").get(1).getLong("exchangesAgeMillis")).isNull();
    peers.forgetRows();
    assertThat(peers.told(107_500, "c3").get(0).getLong("exchangesAgeMillis")).isNull();
  }
}
