package com.huntaze.rollout.canary;

import com.huntaze.rollout.provider.ProviderMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A machine with the world around it in virtual time: a store whose writes end when the test says
 * so, and a note of all that was done.
 */
public final class MachineDriver {
  static final long HOUR = Duration.ofHours(1).toMillis();

  /** The seed's, and a quicker one. */
  private static final Ladder LADDER = ladder(Duration.ofHours(24), Duration.ofHours(48));

  private static final Ladder QUICK = ladder(Duration.ofMinutes(10), Duration.ofMinutes(20));
  static final long TICK = 1_000;

  private CanaryMachine machine;
  private final Ladder ladder;
  private final List<Effect> effects = new ArrayList<>();
  private final Map<Long, Saved> writing = new LinkedHashMap<>();
  private final List<Transition> marking = new ArrayList<>();
  private Saved durable;
  private long monotonic = 1_000_000;
  private long wall = 1_700_000_000_000L;
  private long tickets;
  private boolean storeEndsAtOnce = true;
  private long healthBeforePromotion;
  private Rollout state = Rollout.unknown();

  MachineDriver(ProviderMode mode) {
    this(mode, LADDER);
  }

  /** With stages of 10 and 20 minutes. */
  static MachineDriver quick() {
    return new MachineDriver(ProviderMode.CANARY, QUICK);
  }

  static MachineDriver on(StageSettings... stages) {
    return new MachineDriver(ProviderMode.CANARY, Ladder.of(List.of(stages)));
  }

  private static Ladder ladder(Duration first, Duration second) {
    return Ladder.of(
        List.of(
            new StageSettings("canary_10", 10, first),
            new StageSettings("canary_50", 50, second),
            new StageSettings("full", 100, null)));
  }

  private MachineDriver(ProviderMode mode, Ladder ladder) {
    this.ladder = ladder;
    mode(mode);
    tell(new Input.Leads(1, Optional.empty()));
    effects.clear();
  }

  /** Another mode by a reload. */
  void mode(ProviderMode mode) {
    machine =
        new CanaryMachine(ladder, new MachineSettings(mode, 60_000, 5_000, 5_000, 600_000), "a");
  }

  public MachineDriver() {
    this(ProviderMode.CANARY);
  }

  static Assessment assessment(Assessment.Kind kind) {
    return new Assessment(kind, false, kind.name(), "", Map.of());
  }

  static final Assessment PROVEN =
      new Assessment(Assessment.Kind.HEALTHY, true, "all well", "", Map.of("n", 300));

  Rollout state() {
    return state;
  }

  /** Returns the time for which the share had been healthy that was last promoted. */
  long healthBeforePromotion() {
    return healthBeforePromotion;
  }

  public int percentage() {
    return state.snapshot().percentage();
  }

  public String phase() {
    return state.snapshot().phase().name();
  }

  List<Effect> effects() {
    return effects;
  }

  public <T extends Effect> List<T> effects(Class<T> type) {
    return effects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  List<String> alerts() {
    return effects(Effect.Alarm.class).stream()
        .map(alarm -> alarm.alert().kind() + ": " + alarm.alert().sentence())
        .toList();
  }

  /** Returns the state that a restart would find. */
  Saved durable() {
    return durable;
  }

  /** From now on writes end only when the test says so. */
  MachineDriver slowStore() {
    storeEndsAtOnce = false;
    return this;
  }

  void wallClockJumps(Duration by) {
    wall += by.toMillis();
  }

  void pass(long millis) {
    monotonic += millis;
    wall += millis;
  }

  /** The step of another state, which changes nothing here. */
  Step stepFrom(Rollout another, Input input) {
    return machine.step(another, input, new Time(monotonic, wall));
  }

  void tell(Input input) {
    Step step = machine.step(state, input, new Time(monotonic, wall));
    if (step.after().pending() != null && step.after().pending().transition().promotion()) {
      healthBeforePromotion = state.health().healthyMillis() + TICK;
    }
    state = step.after();
    for (Effect effect : step.effects()) {
      effects.add(effect);
      if (effect instanceof Effect.Persist persist) {
        writing.put(persist.write(), persist.saved());
      } else if (effect instanceof Effect.Mark mark) {
        marking.add(mark.rollback());
      }
    }
    if (storeEndsAtOnce) {
      storeEnds();
    }
  }

  /** The oldest write that is under way, if there is one, ends. */
  void writeEnds(boolean well) {
    if (!writing.isEmpty()) {
      long write = writing.keySet().iterator().next();
      Saved saved = writing.remove(write);
      if (well) {
        durable = saved;
        tell(new Input.Written(write));
      } else {
        tell(new Input.NotWritten(write, "no space"));
      }
    }
  }

  void markEnds(boolean well) {
    if (!marking.isEmpty()) {
      Epoch epoch = marking.remove(0).after().epoch();
      tell(well ? new Input.Marked(epoch) : new Input.NotMarked(epoch, "no space"));
    }
  }

  void storeEnds() {
    while (!writing.isEmpty() || !marking.isEmpty()) {
      writeEnds(true);
      markEnds(true);
    }
  }

  /** A command, and the ticket of its reply. */
  public long order(Command command) {
    long ticket = ++tickets;
    tell(new Input.Ordered(command, ticket));
    return ticket;
  }

  public void judge(Assessment assessment) {
    pass(TICK);
    tell(new Input.Judged(assessment));
  }

  /** Judges so at every second until it is so. */
  long judgeUntil(Assessment assessment, Predicate<MachineDriver> reached, long atMostMillis) {
    long begun = monotonic;
    while (!reached.test(this) && monotonic - begun < atMostMillis) {
      judge(assessment);
    }
    return monotonic - begun;
  }

  List<Long> done() {
    return effects(Effect.Done.class).stream()
        .map(Effect.Done::ticket)
        .filter(ticket -> ticket != Input.NO_REPLY)
        .toList();
  }

  List<Long> refused() {
    return effects(Effect.Refused.class).stream()
        .map(Effect.Refused::ticket)
        .filter(ticket -> ticket != Input.NO_REPLY)
        .toList();
  }

  String refusal(long ticket) {
    return effects(Effect.Refused.class).stream()
        .filter(refused -> refused.ticket() == ticket)
        .map(Effect.Refused::sentence)
        .findFirst()
        .orElseThrow();
  }

  public static Command start() {
    return new Command.Start("me", "");
  }

  static Command advance() {
    return new Command.Advance("me", "");
  }

  public static Command set(int percentage) {
    return new Command.SetPercentage(percentage, "me", "");
  }

  static Command rollback() {
    return new Command.Rollback("me", "errors");
  }

  static Command reset() {
    return new Command.Reset("me", "");
  }

  static Command pause() {
    return new Command.Pause("me", "");
  }

  static Command resume() {
    return new Command.Resume("me", "");
  }
}
