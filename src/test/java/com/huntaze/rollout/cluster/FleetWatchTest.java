package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Alert.Kind;
import com.huntaze.rollout.cluster.FleetWatch.Lead;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetWatchTest {
  private final FleetWatch watch = new FleetWatch("rollout");

  private FleetWatch.Look look(boolean leads, List<String> drifted) {
    return look(leads ? Lead.SELF : Lead.OTHER, drifted);
  }

  private FleetWatch.Look look(Lead lead, List<String> drifted) {
    return watch.look(lead, drifted, List.of(), List.of(), 3, "a", 7);
  }

  @Test
  void aDriftIsToldOnceAndItsEndToo() {
    assertThat(look(true, List.of())).isEqualTo(new FleetWatch.Look("", Optional.empty()));
    FleetWatch.Look first = look(true, List.of("b"));
    assertThat(first.hold())
        .isEqualTo(
            "one configuration for all (that of replica b differs from that of a for over 60 s)");
    assertThat(first.alert())
        .contains(
            Alert.of(
                Kind.CONFIGURATION_DRIFT,
                "cluster rollout",
                "Configurations differ: that of replica b differs from that of a for over 60 s;"
                    + " nothing is promoted meanwhile.",
                7));
    assertThat(look(true, List.of("b", "c")).alert()).isEmpty();
    FleetWatch.Look over = look(true, List.of());
    assertThat(over.hold()).isEmpty();
    assertThat(over.alert()).map(Alert::kind).contains(Kind.CONFIGURATION_DRIFT_OVER);
    assertThat(look(true, List.of()).alert()).isEmpty();
    assertThat(look(true, List.of("b")).alert())
        .map(Alert::kind)
        .contains(Kind.CONFIGURATION_DRIFT);
  }

  @Test
  void whoDoesNotLeadTellsNothing() {
    assertThat(look(false, List.of("b"))).extracting(FleetWatch.Look::hold).isEqualTo("");
    assertThat(look(false, List.of("b")).alert()).isEmpty();
    assertThat(look(false, List.of()).alert()).isEmpty();
  }

  /** The one that told of it is gone: the next leader tells that it is over. */
  @Test
  void aNewLeaderEndsWhatTheOldOneTold() {
    look(false, List.of("b"));
    assertThat(look(true, List.of("b")).alert())
        .map(Alert::kind)
        .contains(Kind.CONFIGURATION_DRIFT);
    look(false, List.of("b"));
    assertThat(look(true, List.of()).alert())
        .map(Alert::kind)
        .contains(Kind.CONFIGURATION_DRIFT_OVER);
  }

  /** A leader that differs tells of it and is restarted last: its follower leads a moment later. */
  @Test
  void anEndThatNobodyLeadsAtIsToldByTheNextLeader() {
    look(false, List.of("b"));
    assertThat(look(Lead.NOBODY, List.of()).alert()).isEmpty();
    assertThat(look(true, List.of()).alert())
        .map(Alert::kind)
        .contains(Kind.CONFIGURATION_DRIFT_OVER);
    assertThat(look(true, List.of()).alert()).isEmpty();
  }

  @Test
  void anEndThatAnotherLeaderHasToldIsNotToldAgain() {
    look(false, List.of("b"));
    look(false, List.of());
    assertThat(look(true, List.of()).alert()).isEmpty();
  }

  /**
   * It judges its own traffic, or a side's, and may find it ready: nobody is there to promote it.
   */
  @Test
  void withNobodyWhoLeadsNothingIsPromoted() {
    assertThat(look(Lead.NOBODY, List.of("b")).hold()).isEqualTo("a leader (none is heard)");
    assertThat(look(Lead.OTHER, List.of("b")).hold()).isEmpty();
  }

  @Test
  void moreThanAThirdOfTheRowsMissingHoldsThePromotion() {
    List<String> one = List.of("b gone for 9 s");
    assertThat(watch.look(Lead.SELF, List.of(), one, List.of(), 3, "a", 0).hold()).isEmpty();
    assertThat(watch.look(Lead.SELF, List.of(), one, List.of(), 2, "a", 0).hold())
        .isEqualTo("the rows of 1 of 2 replicas (b gone for 9 s)");
    assertThat(
            watch
                .look(
                    Lead.SELF, List.of("x"), List.of("1", "2", "3", "4", "5"), List.of(), 9, "a", 0)
                .hold())
        .isEqualTo(
            "one configuration for all (that of replica x differs from that of a for over 60 s),"
                + " the rows of 5 of 9 replicas (1, 2, 3 and 2 more)");
    assertThat(watch.look(Lead.OTHER, List.of(), one, List.of(), 2, "a", 0).hold()).isEmpty();
  }

  @Test
  void aVersionThatThisOneDoesNotKnowHoldsThePromotion() {
    List<String> later = List.of("c");
    assertThat(watch.look(Lead.SELF, List.of(), List.of(), later, 3, "a", 0).hold())
        .isEqualTo("a leader that knows all versions (that of replica c is later than this one's)");
    assertThat(watch.look(Lead.OTHER, List.of(), List.of(), later, 3, "a", 0).hold()).isEmpty();
  }
}
