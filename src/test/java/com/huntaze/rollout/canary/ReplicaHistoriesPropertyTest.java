package com.huntaze.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/**
 * Five replicas: the lead goes round, any of them may roll back alone, and what they tell each
 * other comes in any order, doubled, late or not at all.
 */
class ReplicaHistoriesPropertyTest {
  private static final int REPLICAS = 5;
  private static final Ladder LADDER =
      Ladder.of(
          List.of(
              new StageSettings("canary_10", 10, Duration.ofHours(1)),
              new StageSettings("canary_50", 50, Duration.ofHours(1)),
              new StageSettings("full", 100, null)));

  /** An event at one replica: it leads and does something, or it rolls back alone. */
  record Act(int replica, Command command, boolean takesLead) {}

  @Provide
  Arbitrary<List<Act>> histories() {
    Arbitrary<Command> commands =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(MachineDriver.start())),
            Tuple.of(3, Arbitraries.just(MachineDriver.advance())),
            Tuple.of(2, Arbitraries.of(0, 5, 25, 60).map(MachineDriver::set)),
            Tuple.of(2, Arbitraries.just(MachineDriver.rollback())),
            Tuple.of(1, Arbitraries.just(MachineDriver.reset())));
    return Arbitraries.integers()
        .between(0, REPLICAS - 1)
        .flatMap(
            replica ->
                commands.flatMap(
                    command ->
                        Arbitraries.of(true, false, false)
                            .map(lead -> new Act(replica, command, lead))))
        .list()
        .ofMinSize(1)
        .ofMaxSize(25);
  }

  /** One replica: what it knows, and what it has told. */
  private static final class Replica {
    private final Transitions transitions;
    private CanarySnapshot known;
    private final List<CanarySnapshot> told = new ArrayList<>();

    Replica(int id) {
      transitions = new Transitions(LADDER, "r" + id);
      known = CanarySnapshot.fresh("r0", 0);
    }

    void hear(CanarySnapshot other) {
      CanarySnapshot before = known;
      known = known.merge(other);
      boolean sameEpoch = known.epoch().equals(before.epoch());
      assertThat(sameEpoch && before.rolledBack() && known.percentage() > 0)
          .as("a rollback is undone")
          .isFalse();
      assertThat(known.merge(other)).as("twice is once").isEqualTo(known);
    }

    void act(Command command, long term) {
      if (transitions.of(known, command, 0) instanceof CommandResult.Changed changed) {
        CanarySnapshot after = changed.transition().after();
        known = known.merge(command instanceof Command.Rollback ? after : after.ofTerm(term));
      }
      told.add(known);
    }
  }

  @Property(tries = 1_500)
  void allAgreeInTheEndWhateverTheOrderOfTheMessages(
      @ForAll("histories") List<Act> acts, @ForAll Random random) {
    List<Replica> replicas = new ArrayList<>();
    for (int i = 0; i < REPLICAS; i++) {
      replicas.add(new Replica(i));
    }
    int leader = 0;
    long term = 1;
    List<Tuple2<Integer, CanarySnapshot>> inFlight = new ArrayList<>();
    for (Act act : acts) {
      boolean alone = act.command() instanceof Command.Rollback;
      if (!alone && act.replica() != leader) {
        if (!act.takesLead()) {
          continue;
        }
        // Who takes the lead reads what the last leader has left.
        replicas.get(act.replica()).hear(replicas.get(leader).known);
        leader = act.replica();
        term++;
      }
      Replica acting = replicas.get(act.replica());
      acting.act(act.command(), term);
      for (int to = 0; to < REPLICAS; to++) {
        inFlight.add(Tuple.of(to, acting.known));
      }
      deliverSome(replicas, inFlight, random);
    }
    for (Replica replica : replicas) {
      List<CanarySnapshot> everything = new ArrayList<>();
      replicas.forEach(other -> everything.addAll(other.told));
      Collections.shuffle(everything, random);
      everything.forEach(replica::hear);
    }
    assertThat(replicas).extracting(replica -> replica.known).containsOnly(replicas.get(0).known);
  }

  /** Some come, some come twice, and some of those that came never come again. */
  private static void deliverSome(
      List<Replica> replicas, List<Tuple2<Integer, CanarySnapshot>> inFlight, Random random) {
    Collections.shuffle(inFlight, random);
    int count = inFlight.isEmpty() ? 0 : random.nextInt(inFlight.size());
    for (int i = 0; i < count; i++) {
      Tuple2<Integer, CanarySnapshot> message = inFlight.get(i);
      replicas.get(message.get1()).hear(message.get2());
      if (random.nextInt(3) == 0) {
        replicas.get(message.get1()).hear(message.get2());
      }
    }
    inFlight.subList(0, count / 2).clear();
  }
}
