package com.huntaze.rollout.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.lease.LeaseMachine.Step;
import com.huntaze.rollout.lease.LeaseMachine.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Replicas in any order, paused between any two accesses to the directory for any time, by clocks
 * that begin anywhere and differ in speed by up to 40 %: never do two hold the lease at once, each
 * by its own clock, and terms only rise.
 */
class LeaseOrdersPropertyTest {
  private static final LeaseTimes TIMES = new LeaseTimes(3_000, 500, 1_000);
  private static final int REPLICAS = 3;

  /** One access to the directory by one replica, after some time. */
  record Turn(int replica, int pause, boolean killed) {}

  @Property(tries = 3_000)
  void neverDoTwoHoldItAtOnceAndTermsOnlyRise(@ForAll("orders") List<Turn> turns) {
    Place place = new Place();
    List<Replica> replicas = new ArrayList<>();
    for (int i = 0; i < REPLICAS; i++) {
      replicas.add(new Replica("r" + i, i, place));
    }
    long now = 0;
    for (Turn turn : turns) {
      // Who holds is looked at often: a time in between may be the one at which two do.
      for (int i = 0; i <= turn.pause(); i += 50) {
        assertOneHolder(replicas, now + i);
      }
      now += turn.pause();
      if (turn.killed()) {
        replicas.get(turn.replica()).kill();
      } else {
        replicas.get(turn.replica()).access(now);
      }
      assertOneHolder(replicas, now);
    }
    assertThat(place.taken).isSorted().doesNotHaveDuplicates();
  }

  private static void assertOneHolder(List<Replica> replicas, long now) {
    assertThat(replicas.stream().filter(each -> each.holds(now)).map(Object::toString))
        .as("at %d", now)
        .hasSizeLessThanOrEqualTo(1);
  }

  @Provide
  Arbitrary<List<Turn>> orders() {
    Arbitrary<Integer> pauses =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.integers().between(0, 100)),
            Tuple.of(3, Arbitraries.integers().between(100, 1_000)),
            Tuple.of(1, Arbitraries.integers().between(1_000, 5_000)));
    Arbitrary<Boolean> killed = Arbitraries.frequency(Tuple.of(1, true), Tuple.of(60, false));
    return Combinators.combine(Arbitraries.integers().between(0, REPLICAS - 1), pauses, killed)
        .as(Turn::new)
        .list()
        .ofMinSize(20)
        .ofMaxSize(200);
  }

  /** The directory: each access to it is one step that nothing divides. */
  private static final class Place {
    private LeaseRecord record;
    private final Map<Long, String> claims = new HashMap<>();
    private final List<Long> taken = new ArrayList<>();

    long highest() {
      return claims.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }
  }

  /** A replica: one access to the directory at a time, and its own clock. */
  private static final class Replica {
    private final Place place;
    private final String name;
    private final int index;
    private int starts;
    private LeaseMachine machine;
    private Runnable next;
    private long now;

    Replica(String name, int index, Place place) {
      this.name = name;
      this.index = index;
      this.place = place;
      start();
    }

    private void start() {
      machine = LeaseMachine.of(TIMES, name + "-" + ++starts);
      next = this::look;
    }

    /** SIGKILL, and another start. */
    void kill() {
      start();
    }

    /** Of a speed of its own, beginning minutes apart. */
    private long clock(long trueMillis) {
      return 600_000L * index + trueMillis * (10 + 2 * index) / 10;
    }

    boolean holds(long trueMillis) {
      return machine.holds(clock(trueMillis));
    }

    void access(long trueMillis) {
      now = clock(trueMillis);
      next.run();
    }

    private void look() {
      LeaseRecord record = place.record;
      next = () -> decide(record);
    }

    /** It may have been paused since it has read the record. */
    private void decide(LeaseRecord record) {
      Step step = machine.step(record, false, now);
      machine = step.next();
      long began = now;
      next = this::look;
      if (step.verdict() == Verdict.BEAT) {
        LeaseRecord beat = machine.own().next();
        machine = machine.writes(beat);
        next = () -> show(beat, began);
      } else if (step.verdict() == Verdict.TRY) {
        next = () -> claim(began);
      }
    }

    private void claim(long began) {
      next = this::look;
      if (place.highest() > machine.highest()) {
        machine = machine.noticed(new LeaseRecord(place.highest(), "", 0, false), now);
        return;
      }
      LeaseRecord first = machine.candidate(0);
      next =
          () -> {
            next = this::look;
            if (place.claims.putIfAbsent(first.term(), name) != null) {
              machine = machine.noticed(new LeaseRecord(first.term(), "", 0, false), now);
            } else {
              next = () -> again(first, began);
            }
          };
    }

    private void again(LeaseRecord first, long began) {
      LeaseMachine seen = machine.noticed(place.record, now);
      next = this::look;
      if (seen == machine) {
        next = () -> show(first, began);
      }
      machine = seen;
    }

    private void show(LeaseRecord record, long began) {
      place.record = record;
      machine = machine.wrote(record, began);
      if (record.beat() == 1 && machine.holds(now)) {
        place.taken.add(record.term());
      }
      next = this::look;
    }

    @Override
    public String toString() {
      return name + " by term " + machine.term();
    }
  }
}
