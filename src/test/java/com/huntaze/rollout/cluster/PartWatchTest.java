package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Alert.Kind;
import com.huntaze.rollout.cluster.FleetWatch.Lead;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartWatchTest {
  private static final long PARTED = PartWatch.PARTED_MILLIS;

  private final PartWatch watch = new PartWatch("rollout");

  private static PartWatch.View view(Lead lead, boolean judges, String self, String... unheard) {
    List<String> all = List.of("a", "b", "c", "d", "e");
    List<String> heard =
        all.stream()
            .filter(each -> !each.equals(self) && !List.of(unheard).contains(each))
            .toList();
    return new PartWatch.View(lead, judges, self, heard, List.of(unheard));
  }

  private Optional<Alert> leader(long nowMillis, String... unheard) {
    return watch.look(view(Lead.SELF, true, "a", unheard), nowMillis, 7);
  }

  private Optional<Alert> follower(Lead lead, long nowMillis, String... unheard) {
    return watch.look(view(lead, false, "b", unheard), nowMillis, 7);
  }

  @Test
  void aPartingIsToldOnceAndItsEndToo() {
    assertThat(leader(0)).isEmpty();
    assertThat(leader(1, "d", "e")).isEmpty();
    assertThat(leader(PARTED, "d", "e")).isEmpty();
    Alert told = leader(1 + PARTED, "d", "e").orElseThrow();
    assertThat(told.kind()).isEqualTo(Kind.CLUSTER_PARTED);
    assertThat(told.subject()).isEqualTo("cluster rollout");
    assertThat(told.sentence())
        .isEqualTo(
            "The cluster has parted, or replicas were killed: the leader, a, hears 3 of 5 replicas,"
                + " not d, e; a rollback by itself takes more evidence meanwhile.");
    assertThat(leader(2 * PARTED, "e")).isEmpty();
    Alert over = leader(2 * PARTED + 1).orElseThrow();
    assertThat(over.kind()).isEqualTo(Kind.CLUSTER_PARTED_OVER);
    assertThat(over.occasion()).isEqualTo(told.occasion());
    assertThat(leader(2 * PARTED + 2)).isEmpty();
    assertThat(leader(3 * PARTED, "e")).isEmpty();
    assertThat(leader(4 * PARTED, "e")).isPresent();
  }

  @Test
  void aSilenceOfSecondsIsNoParting() {
    assertThat(leader(0, "e")).isEmpty();
    assertThat(leader(PARTED - 1, "e")).isEmpty();
    assertThat(leader(PARTED)).isEmpty();
    assertThat(leader(PARTED + 1, "e")).isEmpty();
    assertThat(leader(2 * PARTED, "e")).isEmpty();
  }

  /** Receivers know it again by its id, which is made of kind, subject and occasion. */
  @Test
  void bothSidesTellTheSameOccasion() {
    leader(0, "d", "e");
    Alert ofLeader = leader(PARTED, "d", "e").orElseThrow();
    PartWatch other = new PartWatch("rollout");
    PartWatch.View side = view(Lead.NOBODY, true, "d", "c", "a", "b");
    other.look(side, 0, 7);
    Alert ofSide = other.look(side, PARTED, 7).orElseThrow();
    assertThat(ofSide.occasion()).isEqualTo(ofLeader.occasion()).startsWith("5 replicas, ");
    assertThat(ofSide.subject()).isEqualTo(ofLeader.subject());
    assertThat(ofSide.sentence())
        .isEqualTo(
            "The cluster has parted: 2 of 5 replicas hear no leader, nor c, a, b; d judges for them."
                + " Nothing is promoted there, and a rollback by itself takes more evidence"
                + " meanwhile.");
    PartWatch third = new PartWatch("rollout");
    PartWatch.View fewer = new PartWatch.View(Lead.SELF, true, "a", List.of("b"), List.of("c"));
    third.look(fewer, 0, 7);
    assertThat(third.look(fewer, PARTED, 7).orElseThrow().occasion())
        .isNotEqualTo(ofLeader.occasion());
  }

  @Test
  void whoJudgesForNobodyTellsNothing() {
    follower(Lead.OTHER, 0, "e");
    assertThat(follower(Lead.OTHER, PARTED, "e")).isEmpty();
    assertThat(follower(Lead.NOBODY, PARTED + 1, "a", "e")).isEmpty();
    assertThat(follower(Lead.OTHER, PARTED + 2)).isEmpty();
    assertThat(watch.look(view(Lead.SELF, true, "b"), PARTED + 3, 7)).isEmpty();
  }

  /** The leader was cut off, and another one leads when all hear each other. */
  @Test
  void anEndThatNobodyLeadsAtIsToldByTheNextLeader() {
    follower(Lead.NOBODY, 0, "a");
    follower(Lead.NOBODY, PARTED, "a");
    assertThat(follower(Lead.NOBODY, PARTED + 1)).isEmpty();
    Alert over = watch.look(view(Lead.SELF, true, "b"), PARTED + 2, 7).orElseThrow();
    assertThat(over.kind()).isEqualTo(Kind.CLUSTER_PARTED_OVER);
    assertThat(watch.look(view(Lead.SELF, true, "b"), PARTED + 3, 7)).isEmpty();
  }
}
