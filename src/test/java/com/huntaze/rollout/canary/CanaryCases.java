package com.huntaze.rollout.canary;

import com.huntaze.rollout.Cases;
import com.huntaze.rollout.provider.ProviderMode;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Commands, inputs, moves and effects, and who tells them apart. */
public final class CanaryCases {
  private static final CanarySnapshot FRESH = CanarySnapshot.fresh("a", 0);
  private static final Time NOW = new Time(1_000, 1_000);

  private static final Ladder LADDER =
      Ladder.of(
          List.of(
              new StageSettings("canary_10", 10, Duration.ofHours(1)),
              new StageSettings("full", 100, null)));

  private static final Transitions TRANSITIONS = new Transitions(LADDER, "a");

  private CanaryCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) {
    commands(cases);
    moves(cases);
    inputs(cases);
    effects(cases);
  }

  private static void commands(Cases cases) {
    cases.examples(
        new Command.Start("me", ""),
        new Command.Advance("me", ""),
        new Command.Pause("me", ""),
        new Command.Resume("me", ""),
        new Command.SetPercentage(30, "me", ""),
        new Command.Rollback("me", ""),
        new Command.Configure("me", ""),
        new Command.Reset("me", ""));
    cases.dispatcher(
        "Transitions.of", Command.class, each -> TRANSITIONS.of(FRESH, (Command) each, 1));
    cases.dispatcher(
        "CanaryMachine.step", Command.class, each -> step(new Input.Ordered((Command) each, 1)));
  }

  private static void moves(Cases cases) {
    cases.examples(
        new CommandResult.Changed(started()),
        new CommandResult.Unchanged("already"),
        new CommandResult.Refused("no"));
    cases.dispatcher(
        "CanaryMachine.ordered",
        CommandResult.class,
        each -> step(new Input.Ordered(command(each), 1)));
  }

  /** A command of which a fresh rollout makes such a move. */
  private static Command command(Object move) {
    for (Command command :
        List.of(
            new Command.Start("me", ""),
            new Command.Reset("me", ""),
            new Command.Pause("me", ""))) {
      if (TRANSITIONS.of(FRESH, command, 1).getClass() == move.getClass()) {
        return command;
      }
    }
    throw new AssertionError("no command leads to " + move);
  }

  private static void inputs(Cases cases) {
    cases.examples(
        new Input.Ordered(new Command.Start("me", ""), Input.NO_REPLY),
        new Input.Judged(Assessment.NONE),
        new Input.Written(1),
        new Input.NotWritten(1, "the disk is full"),
        new Input.Marked(FRESH.epoch()),
        new Input.NotMarked(FRESH.epoch(), "the disk is full"),
        new Input.Learned(saved()),
        new Input.MarkerSeen(rolledBack()),
        new Input.Leads(2, Optional.of(saved())),
        new Input.Follows());
    cases.dispatcher("CanaryMachine.next", Input.class, each -> step((Input) each));
  }

  private static void effects(Cases cases) {
    Transition started = started();
    cases.examples(
        new Effect.Persist(1, saved()),
        new Effect.Mark(rolledBack()),
        new Effect.Publish(FRESH),
        new Effect.Announce(started),
        new Effect.Alarm(Alert.of(Alert.Kind.HOLD, "canary foundry", "Hold", 0)),
        new Effect.Well(Alert.of(Alert.Kind.HOLD_OVER, "canary foundry", "Well", 0)),
        new Effect.Done(1),
        new Effect.Refused(1, true, "no"));
    cases.dispatcher("Effect.doneBy", Effect.class, each -> doneByOneMethod((Effect) each));
  }

  /** Each effect calls the method that takes its own type. */
  private static void doneByOneMethod(Effect effect) {
    List<Class<?>> called = new ArrayList<>();
    Effect.Doer doer =
        (Effect.Doer)
            Proxy.newProxyInstance(
                Effect.Doer.class.getClassLoader(),
                new Class<?>[] {Effect.Doer.class},
                (proxy, method, arguments) -> {
                  called.add(method.getParameterTypes()[0]);
                  return null;
                });
    effect.doneBy(doer);
    if (!called.equals(List.of(effect.getClass()))) {
      throw new AssertionError("done by the methods of " + called);
    }
  }

  private static void step(Input input) {
    MachineSettings settings =
        new MachineSettings(ProviderMode.CANARY, 60_000, 5_000, 5_000, 600_000);
    CanaryMachine machine = new CanaryMachine(LADDER, settings, "a");
    machine.step(Rollout.unknown(), input, NOW);
    Rollout leading =
        machine.step(Rollout.unknown(), new Input.Leads(1, Optional.empty()), NOW).after();
    machine.step(leading, input, NOW);
  }

  private static Saved saved() {
    return new Saved(FRESH, 0, OptionalInt.empty(), Map.of(), List.of());
  }

  private static Transition started() {
    return transition(FRESH, new Command.Start("me", ""));
  }

  private static Transition rolledBack() {
    return transition(started().after(), new Command.Rollback("me", ""));
  }

  private static Transition transition(CanarySnapshot from, Command command) {
    return ((CommandResult.Changed) TRANSITIONS.of(from, command, 1)).transition();
  }
}
