package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.CanaryMachine;
import com.huntaze.rollout.canary.CanarySettings;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.Effect;
import com.huntaze.rollout.canary.Input;
import com.huntaze.rollout.canary.Ladder;
import com.huntaze.rollout.canary.Position;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.Saved;
import com.huntaze.rollout.canary.Stage;
import com.huntaze.rollout.canary.Step;
import com.huntaze.rollout.canary.Transition;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.settings.DurationText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The rollout's state and the machine that changes it, held by one verticle: not thread-safe. It
 * knows the configuration and the time, not the event bus and not the store.
 */
final class RolloutContext {
  private static final String NOT_BY_ITSELF =
      "canary.autoStart does nothing in a directory that `state init` has not marked as new: an"
          + " earlier rollback may have been lost with it; start begins the rollout";

  private final OptionalInt explicit;
  private final Clocks clocks;
  private ProviderMode mode;
  private CanarySettings settings;
  private Ladder ladder;
  private CanaryMachine machine;

  /** Only the verticle's context changes it; meters read it from any thread. */
  private volatile Rollout rollout = Rollout.unknown();

  private String note = "";

  /** The words of another replica, which leads. */
  private String leaderSays = "";

  private boolean leaderHeard = true;

  /** The explicit share that the state was written under. */
  private OptionalInt recorded = OptionalInt.empty();

  /**
   * @param explicit the share that was given explicitly, by flag or environment
   */
  RolloutContext(
      ProviderMode mode,
      CanarySettings settings,
      OptionalInt explicit,
      CanaryMachine machine,
      Clocks clocks) {
    this.explicit = explicit;
    this.clocks = clocks;
    configure(mode, settings, machine);
  }

  /** Goes by another configuration from the next step on. */
  void configure(ProviderMode newMode, CanarySettings newSettings, CanaryMachine newMachine) {
    mode = newMode;
    settings = newSettings;
    machine = newMachine;
    ladder = Ladder.of(newSettings.stages());
    boolean begins = mode == ProviderMode.CANARY && settings.autoStart();
    note = note.equals(NOT_BY_ITSELF) && !begins ? "" : note;
  }

  /**
   * The command that a changed configuration asks for, once {@link #configure} has been called. A
   * replica that follows leaves it to the one that leads.
   */
  Optional<Command> changed(ProviderMode oldMode, CanarySettings old, boolean mayBegin) {
    if (mode != ProviderMode.CANARY || !rollout.lead().leads()) {
      return Optional.empty();
    }
    if (oldMode != ProviderMode.CANARY && !snapshot().rolledBack() && rollout.history().isEmpty()) {
      return atFirst(mayBegin);
    }
    return stageChanged().or(() -> stagesChanged(old));
  }

  private Optional<Command> stagesChanged(CanarySettings old) {
    return old.stages().equals(settings.stages())
        ? Optional.empty()
        : Optional.of(
            new Command.Configure(
                Command.CONFIG, "canary.stages %s, now %s".formatted(words(old), words(settings))));
  }

  /** For example {@code canary_10 10 % 24h, full 100 %}. */
  private static String words(CanarySettings of) {
    return of.stages().stream()
        .map(
            stage ->
                "%s %d %%%s"
                    .formatted(
                        stage.phase(),
                        stage.percentage(),
                        stage.bake() == null ? "" : " " + DurationText.format(stage.bake())))
        .collect(Collectors.joining(", "));
  }

  ProviderMode mode() {
    return mode;
  }

  Ladder ladder() {
    return ladder;
  }

  Rollout rollout() {
    return rollout;
  }

  CanarySnapshot snapshot() {
    return rollout.snapshot();
  }

  /** The explicit share that is written with the state. */
  OptionalInt recorded() {
    return recorded;
  }

  /** Learns from the last leader's state under which explicit share it was written. */
  void found(Optional<Saved> saved) {
    recorded = saved.isPresent() ? saved.get().configured() : OptionalInt.empty();
  }

  /**
   * The configured command is being carried out: the state is written under the present explicit
   * share from now on. In another mode that share means nothing, and the recorded one stays.
   *
   * @return what was recorded before, for when it fails
   */
  OptionalInt follow() {
    OptionalInt before = recorded;
    recorded = mode == ProviderMode.CANARY ? explicit : recorded;
    return before;
  }

  /**
   * Another mode may have begun. In the same one the recorded share stays: one that was refused at
   * the start is to be tried again at the next.
   */
  void followSince(ProviderMode before) {
    if (mode != before) {
      follow();
    }
  }

  void record(OptionalInt before) {
    recorded = before;
  }

  /** Begins with what was found, before the first step. */
  void begin(Rollout found) {
    rollout = found;
  }

  /** One step of the machine: what is to be done now, in order. */
  List<Effect> step(Input input) {
    Step step = machine.step(rollout, input, clocks.now());
    if (!step.after().snapshot().equals(rollout.snapshot())) {
      // What was said of the one before is not true of this one.
      note = "";
    }
    rollout = step.after();
    step.effects().stream()
        .filter(Effect.Announce.class::isInstance)
        .map(Effect.Announce.class::cast)
        .forEach(announce -> note = announce.transition().sentence());
    return step.effects();
  }

  /**
   * The command that the configuration asks for when this replica begins to lead: durable state
   * wins over configuration, unless that has changed since.
   *
   * @param saved what the last leader left, empty = nothing ever ran
   * @param mayBegin whether a rollout may begin by itself where the state is kept
   */
  Optional<Command> configured(Optional<Saved> saved, boolean mayBegin) {
    if (mode != ProviderMode.CANARY) {
      return Optional.empty();
    }
    if (neverRan(saved)) {
      return atFirst(mayBegin);
    }
    if (explicit.isPresent() && !explicit.equals(recorded) && atFirstStage()) {
      return Optional.of(
          new Command.SetPercentage(
              explicit.getAsInt(),
              Command.CONFIG,
              "given at start, and changed since the last one"));
    }
    return stageChanged();
  }

  /**
   * Returns the sentence on an explicit share that has changed and that nobody carries out, if
   * there is one.
   */
  Optional<String> leftAside() {
    boolean changed = mode == ProviderMode.CANARY && !explicit.equals(recorded);
    return !changed || explicit.isEmpty() || atFirstStage()
        ? Optional.empty()
        : Optional.of(
            "The start percentage %d has changed; it is that of %s, and the rollout stays %s at %d %%"
                .formatted(
                    explicit.getAsInt(),
                    ladder.stages().get(0).phase(),
                    snapshot().phase(),
                    snapshot().percentage()));
  }

  /** An explicit share is the first stage's; what has left that stage behind goes on. */
  private boolean atFirstStage() {
    boolean first = snapshot().position().phase().equals(ladder.stages().get(0).phase());
    return first && !snapshot().rolledBack();
  }

  /** A state that only another mode has written, or a start that came to nothing, is none. */
  private boolean neverRan(Optional<Saved> saved) {
    return !snapshot().rolledBack() && saved.stream().allMatch(s -> s.history().isEmpty());
  }

  private Optional<Command> atFirst(boolean mayBegin) {
    if (explicit.isPresent()) {
      return Optional.of(atGivenPercentage(explicit.getAsInt()));
    }
    if (settings.autoStart() && !mayBegin) {
      note = NOT_BY_ITSELF;
    }
    return settings.autoStart() && mayBegin
        ? Optional.of(new Command.Start(Command.CONFIG, "canary.autoStart"))
        : Optional.empty();
  }

  private Command atGivenPercentage(int percentage) {
    String why = "given at start; the state is new, so an earlier rollback is not known";
    return percentage == settings.stages().get(0).percentage()
        ? new Command.Start(Command.CONFIG, why)
        : new Command.SetPercentage(percentage, Command.CONFIG, why);
  }

  /** The share of the stage that is under way was changed in the configuration. */
  private Optional<Command> stageChanged() {
    Position position = snapshot().position();
    if (snapshot().rolledBack() || position.stage() == Stage.NONE || isSetByHand()) {
      return Optional.empty();
    }
    return ladder.stages().stream()
        .filter(stage -> stage.phase().equals(position.phase()))
        .filter(stage -> stage.percentage() != position.percentage())
        .findFirst()
        .map(
            stage ->
                new Command.SetPercentage(
                    stage.percentage(), Command.CONFIG, "the stage's percentage was changed"));
  }

  /** Tells whether a person has set the share: what the configuration has set it may set again. */
  private boolean isSetByHand() {
    boolean byConfig =
        rollout.history().stream()
            .filter(each -> each.action() == Transition.Action.SET)
            .reduce((earlier, later) -> later)
            .filter(last -> last.actor().equals(Command.CONFIG))
            .isPresent();
    return snapshot().position().manual() && !byConfig;
  }

  /** Returns the reason for the rollout's present state, one sentence. */
  String reason() {
    if (!note.isEmpty()) {
      return note;
    }
    if (snapshot().rolledBack()) {
      return snapshot().rollback().reason();
    }
    List<Transition> history = rollout.history();
    return history.isEmpty() ? "not started" : history.get(history.size() - 1).sentence();
  }

  /** One line for the log at start: where the rollout stands and what begins it. */
  String startSentence() {
    return switch (mode) {
      case FOUNDRY -> "Mode foundry: everything goes to Foundry";
      case LEGACY -> "Mode legacy: everything goes to legacy";
      case CANARY ->
          "Mode canary: %s at %d %%; %s"
              .formatted(snapshot().phase(), snapshot().percentage(), next());
    };
  }

  /** Returns the next event, or the command that brings it about, one sentence. */
  String next() {
    String next = Outlook.of(mode, rollout, ladder);
    if (!next.equals(Outlook.FOLLOWS)) {
      return next;
    } else if (!leaderHeard) {
      return Outlook.NOBODY_LEADS;
    }
    return leaderSays.isEmpty() ? next : "%s, and says: %s".formatted(next, leaderSays);
  }

  /**
   * The words of another replica, which leads, on what comes next.
   *
   * @param words empty = it has none
   * @param heard whether this replica hears anybody who leads
   */
  void leaderSays(String words, boolean heard) {
    leaderSays = words;
    leaderHeard = heard;
  }
}
