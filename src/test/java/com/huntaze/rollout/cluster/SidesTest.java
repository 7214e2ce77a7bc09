package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.cluster.Sides.Place;
import com.huntaze.rollout.cluster.Sides.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Replicas in virtual time, of which a test says who hears whom and who leads. */
class SidesTest {
  private static final long LOOK_MILLIS = 250;
  private static final long HEARD_MILLIS = 3_000;

  private long now = 1_000;
  private String leader = "a";
  private final Map<String, Replica> replicas = new TreeMap<>();

  /** The side of the line on which each is; all are on side 0 at the beginning. */
  private final Map<String, Integer> side = new HashMap<>();

  /** The knowledge that a replica has of another one. */
  private record Told(String side, boolean blind, boolean leads, long at) {}

  private final class Replica {
    private final String name;
    private final Sides sides;
    private final Map<String, Told> told = new TreeMap<>();
    private Place place = new Place("", false, 1, "");
    private Place toldPlace = place;

    private Replica(String name) {
      this.name = name;
      sides = new Sides(name, now);
    }

    private void look() {
      Map<String, String> heard = new TreeMap<>();
      Set<String> blind = new HashSet<>();
      List<String> missing = new ArrayList<>();
      String leads = name.equals(leader) ? name : "";
      for (Map.Entry<String, Told> each : told.entrySet()) {
        Told it = each.getValue();
        if (now - it.at > HEARD_MILLIS) {
          missing.add(each.getKey());
          continue;
        }
        heard.put(each.getKey(), it.side);
        if (it.blind) {
          blind.add(each.getKey());
        }
        if (it.leads && leads.isEmpty()) {
          leads = each.getKey();
        }
      }
      place = sides.look(new View(leads, heard, blind, missing), now);
    }

    /** Once a second, not all at once, and when its own place is another one. */
    private void tell() {
      boolean due = (now / LOOK_MILLIS + name.charAt(0)) % 4 == 0;
      if (!due && place.equals(toldPlace)) {
        return;
      }
      toldPlace = place;
      Told own = new Told(place.judge(), sides.blind(now), name.equals(leader), now);
      replicas.values().stream()
          .filter(other -> other != this && side.get(other.name).equals(side.get(name)))
          .forEach(other -> other.told.put(name, own));
    }

    /** The other judge is heard, and takes what it is told. */
    private void meet() {
      Replica other = replicas.get(place.meets());
      if (other != null
          && side.get(other.name).equals(side.get(name))
          && (other.name.equals(leader) || other.place.judges() && other.place.meets().isEmpty())) {
        sides.met();
      }
    }
  }

  private void fleet(String... names) {
    for (String name : names) {
      side.put(name, 0);
      replicas.put(name, new Replica(name));
    }
    pass(5_000);
  }

  private void pass(long millis) {
    for (long end = now + millis; now < end; now += LOOK_MILLIS) {
      replicas.values().forEach(Replica::look);
      replicas.values().forEach(Replica::tell);
      if (now % 1_000 == 0) {
        replicas.values().forEach(Replica::meet);
      }
      assertThat(shares()).as("shares at %d: %s", now, places()).isLessThanOrEqualTo(1 + 1e-9);
    }
  }

  /** The wealth with which anybody could act now. */
  private double shares() {
    return replicas.values().stream()
        .filter(each -> each.name.equals(leader) || each.place.judges())
        .mapToDouble(each -> each.place.share())
        .sum();
  }

  private Map<String, Place> places() {
    Map<String, Place> places = new TreeMap<>();
    replicas.values().forEach(each -> places.put(each.name, each.place));
    return places;
  }

  private Place of(String name) {
    return replicas.get(name).place;
  }

  private void cut(int to, String... names) {
    for (String name : names) {
      side.put(name, to);
    }
  }

  @Test
  void togetherTheLeaderHasItAll() {
    fleet("a", "b", "c");
    assertThat(of("a")).isEqualTo(new Place("", false, 1, ""));
    assertThat(of("b")).isEqualTo(new Place("", false, 1, ""));
  }

  @Test
  void eachSideHasItsMembersPart() {
    fleet("a", "b", "c", "d", "e");
    cut(1, "c", "e");
    pass(15_000);
    assertThat(of("a").share()).isEqualTo(3.0 / 5);
    assertThat(of("c")).isEqualTo(new Place("c", true, 2.0 / 5, ""));
    assertThat(of("e").judge()).isEqualTo("c");
    assertThat(of("e").judges()).isFalse();
  }

  @Test
  void aShortSilenceIsNoSide() {
    fleet("a", "b", "c");
    cut(1, "c");
    pass(Sides.BEGINS_MILLIS);
    cut(0, "c");
    pass(2_000);
    assertThat(of("c")).isEqualTo(new Place("", false, 1, ""));
    assertThat(of("a").share()).isEqualTo(1);
  }

  @Test
  void aJudgeTellsTheLeaderBeforeItsSideGoesBackToIt() {
    fleet("a", "b", "c");
    cut(1, "b", "c");
    pass(15_000);
    assertThat(of("b").judges()).isTrue();
    assertThat(of("a").share()).isEqualTo(1.0 / 3);
    cut(0, "b", "c");
    replicas.get("b").told.put("a", new Told("", false, true, now));
    replicas.get("b").look();
    assertThat(of("b").meets()).isEqualTo("a");
    assertThat(of("c").judge()).isEqualTo("b");
    pass(3_000);
    assertThat(of("b")).isEqualTo(new Place("", false, 1, ""));
    assertThat(of("c")).isEqualTo(new Place("", false, 1, ""));
    assertThat(of("a").share()).isEqualTo(1);
  }

  @Test
  void aSideThatPartsOnceMoreKeepsNoMoreThanIsItsOwn() {
    fleet("a", "b", "c", "d");
    cut(1, "b", "c", "d");
    pass(15_000);
    assertThat(of("b").share()).isEqualTo(3.0 / 4);
    cut(2, "d");
    pass(15_000);
    assertThat(of("b").share()).isEqualTo(2.0 / 4);
    assertThat(of("d")).isEqualTo(new Place("d", true, 1.0 / 4, ""));
  }

  @Test
  void twoSidesWithoutALeaderBecomeOne() {
    fleet("a", "b", "c", "d");
    cut(1, "b");
    cut(2, "c", "d");
    pass(15_000);
    assertThat(of("b").share()).isEqualTo(1.0 / 4);
    assertThat(of("c").share()).isEqualTo(2.0 / 4);
    cut(1, "c", "d");
    pass(5_000);
    assertThat(of("b")).isEqualTo(new Place("b", true, 3.0 / 4, ""));
    assertThat(of("c").judge()).isEqualTo("b");
    assertThat(of("d").judge()).isEqualTo("b");
  }

  @Test
  void whoHasNeverHeardALeaderHasNothingToGoOnFrom() {
    leader = "";
    fleet("a", "b");
    pass(60_000);
    assertThat(of("a")).isEqualTo(new Place("", false, 1, ""));
  }

  @Test
  void whoTakesTheLeadJudgesForNoSide() {
    fleet("a", "b", "c");
    cut(1, "b", "c");
    pass(15_000);
    leader = "b";
    pass(5_000);
    assertThat(of("b").judges()).isFalse();
    assertThat(of("b").share()).isEqualTo(2.0 / 3);
    assertThat(of("c").judge()).isEmpty();
  }

  @Test
  void aJudgeThatIsGoneIsNotWaitedFor() {
    fleet("a", "b", "c");
    cut(1, "b", "c");
    pass(15_000);
    cut(2, "b");
    cut(0, "c");
    pass(8_000);
    assertThat(of("c").judge()).isEmpty();
    assertThat(of("a").share()).isEqualTo(2.0 / 3);
  }

  @Test
  void aJudgeThatIsNotTakenGivesUp() {
    fleet("a", "b");
    cut(1, "b");
    pass(15_000);
    replicas.get("b").told.put("a", new Told("", false, true, now));
    for (long end = now + Sides.MEETS_MILLIS + 1_000; now < end; now += LOOK_MILLIS) {
      replicas.get("b").told.put("a", new Told("", false, true, now));
      replicas.get("b").look();
    }
    assertThat(of("b").judges()).isFalse();
  }

  /** However they part and meet, nobody has what another one has. */
  @Test
  void theSharesOfAllNeverSumToMoreThanOne() {
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom chance = new SplittableRandom(seed);
      replicas.clear();
      side.clear();
      leader = "a";
      fleet("a", "b", "c", "d", "e", "f", "g");
      for (int i = 0; i < 12; i++) {
        replicas.keySet().forEach(name -> side.put(name, chance.nextInt(3)));
        pass(1_000L * (1 + chance.nextInt(25)));
      }
      replicas.keySet().forEach(name -> side.put(name, 0));
      pass(40_000);
      assertThat(places().values())
          .as("seed %d", seed)
          .allSatisfy(place -> assertThat(place.judge()).isEmpty());
      assertThat(of("a").share()).isEqualTo(1);
    }
  }
}
