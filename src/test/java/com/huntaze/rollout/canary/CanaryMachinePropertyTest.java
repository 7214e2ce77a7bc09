package com.huntaze.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Any sequence of inputs: against a plain model, and against what must never happen. */
class CanaryMachinePropertyTest {
  /** One thing that happens. */
  sealed interface Happening {
    record Ordered(Command command) implements Happening {}

    record JudgedFor(Assessment assessment, long millis) implements Happening {}

    record WriteEnds(boolean well) implements Happening {}

    record MarkEnds(boolean well) implements Happening {}

    record ClockJumps(long millis) implements Happening {}

    record LeadLost() implements Happening {}

    record LeadTaken() implements Happening {}

    record OtherRolledBack() implements Happening {}
  }

  @Provide
  Arbitrary<Command> commands() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.just(MachineDriver.start())),
        Tuple.of(3, Arbitraries.just(MachineDriver.advance())),
        Tuple.of(1, Arbitraries.just(MachineDriver.pause())),
        Tuple.of(2, Arbitraries.just(MachineDriver.resume())),
        Tuple.of(1, Arbitraries.just(MachineDriver.rollback())),
        Tuple.of(1, Arbitraries.just(MachineDriver.reset())),
        Tuple.of(3, Arbitraries.of(0, 5, 10, 11, 25, 50, 51, 100).map(MachineDriver::set)),
        Tuple.of(1, Arbitraries.of(-1, 101, 1_000).map(MachineDriver::set)));
  }

  private Arbitrary<Happening> judged() {
    Arbitrary<Assessment> assessments =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.just(MachineDriver.PROVEN)),
            Tuple.of(5, Arbitraries.of(Assessment.Kind.class).map(MachineDriver::assessment)));
    return assessments.flatMap(
        assessment ->
            Arbitraries.of(1_000L, 10_000L, 300_000L, MachineDriver.HOUR)
                .map(millis -> new Happening.JudgedFor(assessment, millis)));
  }

  @Provide
  Arbitrary<List<Happening>> calm() {
    return Arbitraries.frequencyOf(
            Tuple.of(3, commands().map(Happening.Ordered::new)),
            Tuple.of(4, judged()),
            Tuple.of(
                1,
                Arbitraries.of(-2L, 2L, 9_600L)
                    .map(hours -> new Happening.ClockJumps(hours * MachineDriver.HOUR))))
        .list()
        .ofMaxSize(25);
  }

  @Provide
  Arbitrary<List<Happening>> stormy() {
    return Arbitraries.frequencyOf(
            Tuple.of(6, commands().map(Happening.Ordered::new)),
            Tuple.of(4, judged()),
            Tuple.of(6, Arbitraries.of(true, true, true, false).map(Happening.WriteEnds::new)),
            Tuple.of(3, Arbitraries.of(true, true, true, false).map(Happening.MarkEnds::new)),
            Tuple.of(1, Arbitraries.just(new Happening.LeadLost())),
            Tuple.of(1, Arbitraries.just(new Happening.LeadTaken())),
            Tuple.of(1, Arbitraries.just(new Happening.OtherRolledBack())))
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 1_500)
  void doesWhatThePlainModelDoes(@ForAll("calm") List<Happening> happenings) {
    MachineDriver machine = MachineDriver.quick();
    CanaryModel model = new CanaryModel();
    for (Happening happening : happenings) {
      if (happening instanceof Happening.Ordered ordered) {
        machine.order(ordered.command());
        order(model, ordered.command());
      } else if (happening instanceof Happening.ClockJumps jump) {
        machine.wallClockJumps(Duration.ofMillis(jump.millis()));
      } else if (happening instanceof Happening.JudgedFor judged) {
        judge(machine, model, judged);
      }
      assertThat(machine.percentage()).isEqualTo(model.share());
      assertThat(machine.phase()).isEqualTo(model.phase());
      assertThat(machine.state().snapshot().epoch().number()).isEqualTo(model.epoch());
      assertThat(machine.state().snapshot().position().paused()).isEqualTo(model.paused());
      assertThat(machine.state().snapshot().position().manual()).isEqualTo(model.manual());
    }
  }

  private static void order(CanaryModel model, Command command) {
    if (command instanceof Command.Start) {
      model.start();
    } else if (command instanceof Command.Advance) {
      model.advance();
    } else if (command instanceof Command.Pause) {
      model.pause();
    } else if (command instanceof Command.Resume) {
      model.resume();
    } else if (command instanceof Command.Rollback) {
      model.rollback();
    } else if (command instanceof Command.Reset) {
      model.reset();
    } else if (command instanceof Command.SetPercentage set
        && set.percentage() >= 0
        && set.percentage() <= 100) {
      model.set(set.percentage());
    }
  }

  /** The model has no clock: when the bake is over by the machine's, it is told to advance. */
  private static void judge(MachineDriver machine, CanaryModel model, Happening.JudgedFor judged) {
    for (long passed = 0; passed < judged.millis(); passed += MachineDriver.TICK) {
      machine.judge(judged.assessment());
      model.judged(judged.assessment());
      boolean due =
          judged.assessment().promotable()
              && model.bakes()
              && machine.percentage() != model.share();
      if (due) {
        assertThat(machine.healthBeforePromotion()).isGreaterThanOrEqualTo(model.bakeMillis());
        model.advance();
      }
    }
  }

  @Property(tries = 3_000)
  void neverDoesWhatMustNeverHappen(@ForAll("stormy") List<Happening> happenings) {
    MachineDriver machine = new MachineDriver().slowStore();
    List<Long> tickets = new ArrayList<>();
    for (Happening happening : happenings) {
      CanarySnapshot before = machine.state().snapshot();
      boolean unhealthy = !machine.state().assessment().raisable();
      happen(machine, happening, tickets);
      CanarySnapshot after = machine.state().snapshot();
      if (before.rolledBack() && after.epoch().equals(before.epoch())) {
        assertThat(after.percentage()).as("a rollback absorbs within its epoch").isZero();
      }
      if (after.percentage() > before.percentage()) {
        assertThat(machine.durable().snapshot().percentage())
            .as("in force is what is durable")
            .isGreaterThanOrEqualTo(after.percentage());
        assertThat(happening)
            .as("only a write that ended well raises")
            .isEqualTo(new Happening.WriteEnds(true));
        boolean newEpoch = !after.epoch().equals(before.epoch());
        assertThat(unhealthy && !newEpoch).as("raised while unhealthy").isFalse();
      }
    }
    machine.storeEnds();
    List<Long> answered = new ArrayList<>(machine.done());
    answered.addAll(machine.refused());
    assertThat(answered).containsExactlyInAnyOrderElementsOf(tickets);
  }

  private static void happen(MachineDriver machine, Happening happening, List<Long> tickets) {
    if (happening instanceof Happening.Ordered ordered) {
      tickets.add(machine.order(ordered.command()));
    } else if (happening instanceof Happening.JudgedFor judged) {
      machine.judge(judged.assessment());
    } else if (happening instanceof Happening.WriteEnds ends) {
      machine.writeEnds(ends.well());
    } else if (happening instanceof Happening.MarkEnds ends) {
      machine.markEnds(ends.well());
    } else if (happening instanceof Happening.LeadLost) {
      machine.tell(new Input.Follows());
    } else if (happening instanceof Happening.LeadTaken) {
      long term = machine.state().lead().term() + 1;
      machine.tell(new Input.Leads(term, Optional.of(machine.state().saved())));
    } else if (happening instanceof Happening.OtherRolledBack) {
      CanarySnapshot now = machine.state().snapshot();
      RollbackRecord record =
          new RollbackRecord(now.position().seq() + 1, "b", 1, now.percentage(), "auto", "bad");
      machine.tell(
          new Input.MarkerSeen(
              new Transition(
                  Transition.Action.ROLLBACK,
                  now,
                  new CanarySnapshot(now.epoch(), record, now.position()),
                  "auto",
                  "bad",
                  1,
                  Map.of())));
    }
  }
}
