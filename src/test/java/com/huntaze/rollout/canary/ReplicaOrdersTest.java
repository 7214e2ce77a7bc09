package com.huntaze.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.ProviderMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every order, up to a bound, of what three machines may do and hear in two rollouts: the lead goes
 * round without a word to the one who had it, anybody rolls back, and each message comes at any
 * time, more than once, or never.
 */
class ReplicaOrdersTest {
  private static final int REPLICAS = 3;

  /** Events of one order beside those with which each begins: a rollout at 10 %, told to nobody. */
  private static final int EVENTS = 6;

  private static final long ENOUGH = 1_000_000;
  private static final Time NOW = new Time(1_000_000, 1_700_000_000_000L);
  private static final List<CanaryMachine> MACHINES = machines();

  private final Map<Known, Long> known = new HashMap<>();
  private int messages;

  private record Known(World world, int left) {}

  private static List<CanaryMachine> machines() {
    Ladder ladder =
        Ladder.of(
            List.of(
                new StageSettings("canary_10", 10, Duration.ofHours(1)),
                new StageSettings("canary_50", 50, Duration.ofHours(1)),
                new StageSettings("full", 100, null)));
    List<CanaryMachine> all = new ArrayList<>();
    for (int i = 0; i < REPLICAS; i++) {
      MachineSettings settings =
          new MachineSettings(ProviderMode.CANARY, 60_000, 5_000, 5_000, 600_000);
      all.add(new CanaryMachine(ladder, settings, "r" + i));
    }
    return all;
  }

  /**
   * The world between two events. It never changes: an order goes on from any of them.
   *
   * @param states of the machines
   * @param kept the state that is durable, {@code null} = none is
   * @param leader who may write it
   * @param messages all that was told: it stays, for it may come again
   */
  private record World(
      List<Rollout> states, Saved kept, int leader, long term, List<Input> messages) {

    World tell(int replica, Input input) {
      Rollout before = states.get(replica);
      Step step = MACHINES.get(replica).step(before, input, NOW);
      World after = with(replica, step.after());
      check(before, step.after());
      for (Effect effect : step.effects()) {
        after = after.done(replica, effect);
      }
      return after;
    }

    private World with(int replica, Rollout state) {
      List<Rollout> others = new ArrayList<>(states);
      others.set(replica, state);
      return new World(List.copyOf(others), kept, leader, term, messages);
    }

    /** The disk does at once what it is told to, for the one who leads. */
    private World done(int replica, Effect effect) {
      if (effect instanceof Effect.Persist persist) {
        boolean leads = replica == leader;
        World written =
            leads
                ? new World(states, persist.saved(), leader, term, messages)
                    .told(new Input.Learned(persist.saved()))
                : this;
        return written.tell(
            replica,
            leads
                ? new Input.Written(persist.write())
                : new Input.NotWritten(persist.write(), "another replica leads"));
      } else if (effect instanceof Effect.Mark mark) {
        return told(new Input.MarkerSeen(mark.rollback()))
            .tell(replica, new Input.Marked(mark.rollback().after().epoch()));
      }
      return this;
    }

    private World told(Input message) {
      if (messages.contains(message)) {
        return this;
      }
      List<Input> more = new ArrayList<>(messages);
      more.add(message);
      return new World(states, kept, leader, term, List.copyOf(more));
    }

    World order(int replica, Command command) {
      return tell(replica, new Input.Ordered(command, Input.NO_REPLY));
    }

    /** Nobody tells the last leader, which may be cut off or stand still. */
    World lead(int replica) {
      World taken = new World(states, kept, replica, term + 1, messages);
      return taken.tell(replica, new Input.Leads(term + 1, Optional.ofNullable(kept)));
    }
  }

  private static void check(Rollout before, Rollout after) {
    CanarySnapshot was = before.snapshot();
    CanarySnapshot is = after.snapshot();
    assertThat(is.epoch().number())
        .as("rollouts only go on")
        .isGreaterThanOrEqualTo(was.epoch().number());
  }

  private static World begin() {
    List<Rollout> unknown = new ArrayList<>();
    for (int i = 0; i < REPLICAS; i++) {
      unknown.add(Rollout.unknown());
    }
    World world = new World(unknown, null, 0, 0, List.of()).lead(0);
    return world.order(0, MachineDriver.start());
  }

  @Test
  void nothingThatMustHoldIsLostInAnyOrder() {
    assertThat(orders(begin(), EVENTS)).isGreaterThan(ENOUGH);
    assertThat(messages).as("in one order, at most").isGreaterThanOrEqualTo(6);
  }

  /** Goes through all orders from here; those that come to the same world are gone through once. */
  private long orders(World world, int left) {
    Known from = new Known(world, left);
    Long count = known.get(from);
    if (count == null) {
      count = left == 0 ? end(world) : more(world, left - 1);
      known.put(from, count);
    }
    return count;
  }

  private long end(World world) {
    messages = Math.max(messages, world.messages().size());
    agree(world);
    return 1;
  }

  private long more(World world, int left) {
    long count = 0;
    for (int replica = 0; replica < REPLICAS; replica++) {
      for (Input message : world.messages()) {
        count += orders(world.tell(replica, message), left);
      }
      count += orders(world.order(replica, MachineDriver.rollback()), left);
      if (replica != world.leader()) {
        count += orders(world.lead(replica), left);
      }
    }
    count += orders(world.order(world.leader(), MachineDriver.start()), left);
    return count + orders(world.order(world.leader(), MachineDriver.advance()), left);
  }

  /** In the end everything comes to everybody, and all have the same in force. */
  private static void agree(World world) {
    Set<String> rolledBack = new HashSet<>();
    Map<String, Integer> shares = new HashMap<>();
    for (Rollout each : world.states()) {
      CanarySnapshot snapshot = each.snapshot();
      if (snapshot.rolledBack()) {
        rolledBack.add(snapshot.epoch().toString());
      }
      shares.merge(snapshot.epoch().toString(), snapshot.percentage(), Math::max);
    }
    World healed = world;
    for (int round = 0; round < 2; round++) {
      for (int replica = 0; replica < REPLICAS; replica++) {
        if (replica != healed.leader()) {
          healed = healed.tell(replica, new Input.Follows());
        }
        for (Input message : healed.messages()) {
          healed = healed.tell(replica, message);
        }
      }
    }
    CanarySnapshot inForce = healed.states().get(0).snapshot();
    assertThat(healed.states())
        .as("all have the same in force")
        .allSatisfy(each -> assertThat(each.snapshot()).isEqualTo(inForce));
    if (rolledBack.contains(inForce.epoch().toString())) {
      assertThat(inForce.percentage()).as("rolled back stays so").isZero();
    }
    // Nobody has more than somebody had before, without an order.
    Integer most = shares.get(inForce.epoch().toString());
    if (most != null) {
      assertThat(inForce.percentage()).isLessThanOrEqualTo(Math.max(most, kept(world)));
    }
  }

  private static int kept(World world) {
    return world.kept() == null ? 0 : world.kept().snapshot().percentage();
  }
}
