package com.huntaze.rollout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.exchange.ExchangeState.Phase;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Runs an exchange against attempts whose fates are given, as its verticle would, and holds each
 * step against what must never happen.
 */
final class ExchangeDriver implements ExchangeEffects {
  /** The end of an exchange for its client. */
  enum Ending {
    FINISHED,
    KEPT,
    GIVEN_UP,
    CUT_SHORT,
    LATE,
    GONE
  }

  private static final int MOST_STEPS = 400;

  final ExchangeWorld world;
  final ExchangeState state;
  final List<Provider> attempts = new ArrayList<>();
  final List<Outcome> settled = new ArrayList<>();
  Ending ending;
  ErrorCode code;
  private final Deque<Fate> fates;
  private final List<String> trail = new ArrayList<>();
  private Fate fate = new Fate(Fate.Until.HOLDING_WHOLE, Fate.End.WELL);
  private boolean open;
  private boolean unsettled;
  private boolean committed;
  private boolean gone;
  private boolean struck;
  private int steps;

  ExchangeDriver(ExchangeWorld world, ExchangeLimits limits, ExchangeTerms terms, List<Fate> all) {
    this.world = world;
    this.state = new ExchangeState(limits, world.startMillis);
    this.fates = new ArrayDeque<>(all);
    state.accept(terms);
  }

  /** Runs it to its end. */
  ExchangeDriver run() {
    tell(new ExchangeEvent.Ready());
    while (state.phase() != Phase.ENDED) {
      must(steps++ < MOST_STEPS, "it does not end");
      Phase before = state.phase();
      goOn();
      boolean early = before != Phase.RELAYING && !state.arriving;
      long spent = world.millis() - state.startMillis;
      must(!early || spent <= ExchangeWorld.TO_FIRST_CONTENT + 1, "it outlives its deadline");
    }
    must(ending != null || gone, "it ends without a word to its client");
    must(!unsettled, "an attempt is not settled");
    must(!open || ending == Ending.FINISHED, "an attempt is left open");
    ending = ending == null ? Ending.GONE : ending;
    return this;
  }

  void untilRelaying() {
    tell(new ExchangeEvent.Ready());
    while (state.phase() != Phase.RELAYING) {
      goOn();
    }
  }

  /** Runs so many steps, then lets the client leave. */
  void stopAfter(int count) {
    begin(count);
    gone = true;
    tell(new ExchangeEvent.Stopped());
    must(!open && !unsettled || ending == Ending.FINISHED, "it goes on without its client");
    must(ExchangeMachine.deadline(state, world) == Long.MAX_VALUE, "a deadline after the end");
  }

  /** Runs so many steps, then lets something happen that is not its turn, and goes on. */
  void strangeAfter(int count, ExchangeEvent event) {
    begin(count);
    if (state.phase() != Phase.RELAYING && state.phase() != Phase.KEEPING) {
      tell(event);
    }
    while (state.phase() != Phase.ENDED) {
      must(steps++ < MOST_STEPS, "it does not end");
      goOn();
    }
    must(!unsettled, "an attempt is not settled");
  }

  private void begin(int count) {
    tell(new ExchangeEvent.Ready());
    for (int i = 0; i < count && state.phase() != Phase.ENDED; i++) {
      goOn();
    }
  }

  /** Lets the next thing happen to the exchange. */
  private void goOn() {
    switch (state.phase()) {
      case ACQUIRING -> strikeOr(Fate.Until.ACQUIRING, new ExchangeEvent.Sent());
      case AWAITING_HEAD -> strikeOr(Fate.Until.AWAITING_HEAD, fate.head());
      case AWAITING_BODY -> strikeOr(Fate.Until.AWAITING_BODY, new ExchangeEvent.Committing(false));
      case HOLDING_STREAM -> {
        if (!strikes(Fate.Until.HOLDING_STREAM)) {
          tell(new ExchangeEvent.Content());
          tell(new ExchangeEvent.Committing(false));
        }
      }
      case HOLDING_WHOLE -> {
        if (!strikes(Fate.Until.HOLDING_WHOLE)) {
          world.answerByte();
          tell(new ExchangeEvent.Arriving());
          tell(new ExchangeEvent.Committing(fate.until() != Fate.Until.RELAYING_WHOLE));
        }
      }
      case KEEPING ->
          strikeOr(Fate.Until.KEEPING, new ExchangeEvent.Kept(true, fate.head().outcome()));
      case RELAYING -> {
        boolean strikes = fate.committed() && fate.end() != Fate.End.WELL && !struck;
        if (strikes || struck) {
          strike();
        } else {
          tell(new ExchangeEvent.Relayed(Meaning.COMPLETE.outcome()));
        }
      }
      case WAITING_RETRY -> {
        if (!strikes(Fate.Until.WAITING_RETRY)) {
          waitForDeadline();
        }
      }
      case READING, DECIDING, LEAVING, ENDED ->
          throw new AssertionError("nothing happens in " + state.phase() + trail);
    }
  }

  private void strikeOr(Fate.Until here, ExchangeEvent usual) {
    if (!strikes(here)) {
      world.pass(10);
      world.answerByte();
      tell(usual);
    }
  }

  private boolean strikes(Fate.Until here) {
    if (fate.until() != here || fate.end() == Fate.End.WELL) {
      return false;
    }
    strike();
    return true;
  }

  private void strike() {
    boolean first = !struck;
    struck = true;
    if (fate.end() == Fate.End.CLIENT_GONE) {
      gone = true;
      tell(new ExchangeEvent.Stopped());
    } else if (endsBySomething()) {
      tell(fate.ends());
    } else if (fate.end() == Fate.End.PROBE_DOWN && first && state.provider != null) {
      world.pass(10);
      boolean movesOn = state.waits() && new Recourse(state, world).replaceable();
      int before = settled.size();
      tell(new ExchangeEvent.ProbeDown(state.provider, world.nanos));
      must(!movesOn || !open || attempts.size() > 1 || before < settled.size(), "it waits on");
    } else {
      waitForDeadline();
    }
  }

  private boolean endsBySomething() {
    boolean something = fate.end() == Fate.End.BREAKS || fate.end() == Fate.End.UNFIT;
    return something && state.phase() != Phase.WAITING_RETRY;
  }

  private void waitForDeadline() {
    long at = ExchangeMachine.deadline(state, world);
    must(at != Long.MAX_VALUE, "it waits without a deadline");
    must(at <= latest(), "its deadline is later than what it waits for may take");
    world.pass(Math.max(0, at - world.millis()));
    String before = state.phase() + " " + at;
    tell(new ExchangeEvent.DeadlineReached());
    String after = state.phase() + " " + ExchangeMachine.deadline(state, world);
    must(!before.equals(after), "a deadline changes nothing: " + before);
  }

  /** The time at which at the latest something must be done about what the exchange waits for. */
  private long latest() {
    long whole = state.startMillis + ExchangeWorld.TO_FIRST_CONTENT;
    long stream = state.startMillis + ExchangeWorld.STREAM;
    long answered = Math.floorDiv(world.answerByteNanos, 1_000_000L);
    long silent = Math.max(answered, state.startMillis) + ExchangeWorld.IDLE;
    long held = world.millis() + Math.max(state.limits.holdBack(), state.limits.probePatience());
    return switch (state.phase()) {
      case READING, ACQUIRING, AWAITING_HEAD, AWAITING_BODY -> whole;
      case HOLDING_STREAM, KEEPING -> Math.min(whole, held);
      case HOLDING_WHOLE -> state.arriving ? Math.min(stream, silent) : whole;
      case RELAYING -> world.paused ? stream : Math.min(stream, silent);
      case WAITING_RETRY -> Math.min(whole, world.millis() + 5_000);
      case DECIDING, LEAVING, ENDED -> world.millis();
    };
  }

  void tell(ExchangeEvent event) {
    trail.add("> " + event);
    for (ExchangeEffect effect : ExchangeMachine.step(state, event, world)) {
      trail.add(effect.toString());
      effect.by(this);
    }
  }

  void must(boolean holds, String otherwise) {
    assertThat(holds).as(() -> otherwise + ": " + trail).isTrue();
  }

  /** Something that the client sees of its exchange's end. */
  private void ends(Ending how) {
    must(ending == null && !gone, "the client is told of two ends");
    ending = how;
  }

  @Override
  public void ask(Provider provider, Standing standing) {
    must(!open && !unsettled, "it asks while an attempt is open");
    must(!committed, "it asks after the client has got a part");
    must(ending == null && !gone, "it asks after its end");
    boolean refused = world.open.contains(provider);
    tell(refused ? new ExchangeEvent.Refused() : new ExchangeEvent.Admitted());
  }

  @Override
  public void begin(Provider provider, boolean chosen) {
    must(chosen == (provider == state.terms.chosen().provider()), "whose attempt it is");
    must(attempts.isEmpty() || replayable(), "it repeats what may not be repeated");
    attempts.add(provider);
    fate = fates.isEmpty() ? new Fate(Fate.Until.HOLDING_WHOLE, Fate.End.WELL) : fates.poll();
    open = true;
    unsettled = true;
    struck = false;
  }

  private boolean replayable() {
    return state.terms.repeatable() && world.bodyKept || fate.until() == Fate.Until.ACQUIRING;
  }

  @Override
  public void settle(Outcome outcome) {
    must(unsettled, "it settles twice, or nothing");
    unsettled = false;
    settled.add(outcome);
    tell(new ExchangeEvent.Settled());
  }

  @Override
  public void leave() {
    open = false;
  }

  @Override
  public void commit() {
    must(open && !committed && ending == null && !gone, "a second head");
    committed = true;
  }

  @Override
  public void finish() {
    must(committed, "it finishes without a head");
    ends(Ending.FINISHED);
  }

  @Override
  public void passKept() {
    must(!committed, "a kept response behind another one");
    ends(Ending.KEPT);
  }

  @Override
  public void giveUp(ErrorCode why, Provider provider, Outcome outcome) {
    must(!committed, "an error behind a response");
    code = why;
    ends(Ending.GIVEN_UP);
  }

  @Override
  public void cutShort(Outcome outcome, ErrorForm form) {
    must(committed, "it cuts what has not begun");
    must(form == fate.head().errorForm(), "the way of cutting");
    ends(Ending.CUT_SHORT);
  }

  @Override
  public void refuseLate() {
    ends(Ending.LATE);
  }

  @Override
  public void release() {
    tell(new ExchangeEvent.Committing(false));
  }

  @Override
  public void passHints() {
    must(ending == null && !gone, "hints after the end");
  }

  @Override
  public void prove() {
    must(open, "it proves an attempt that is over");
  }

  @Override
  public void relay() {
    must(open && !committed, "it relays twice");
  }

  @Override
  public void keep(boolean headAtLeast) {
    must(open && !committed, "it keeps what has gone");
  }

  @Override
  public void recordContent() {}

  @Override
  public void end() {}

  @Override
  public void countRetry(Provider provider) {}

  @Override
  public void countFailover(Outcome outcome) {}
}
