package com.huntaze.rollout.exchange;

import com.huntaze.rollout.exchange.ExchangeState.Phase;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.failover.FailoverPolicy;
import com.huntaze.rollout.failover.NextStep;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Next;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.List;

/**
 * The life of one request from its begin to its end, attempt after attempt: what happens, and what
 * is to be done about it. {@link FailoverPolicy} decides what follows a failed attempt; nothing is
 * tried again once the head of a response has gone to the client.
 *
 * <p>Pure and total: every event in every phase has its effects, which are none where it comes too
 * late. Time and the rest of the world come in as a {@link Moment}.
 *
 * <p>Decision 88 in {@code docs/decisions.md}.
 */
public final class ExchangeMachine {
  private final ExchangeState state;
  private final Moment now;
  private final Recourse recourse;
  private final ExchangeDeadlines deadlines;
  private final HoldBack hold;
  private final Course course;

  private ExchangeMachine(ExchangeState state, Moment now) {
    this.state = state;
    this.now = now;
    this.recourse = new Recourse(state, now);
    this.deadlines = new ExchangeDeadlines(state, now);
    this.hold = new HoldBack(state, now);
    this.course = new Course(state, now, recourse, hold);
  }

  /**
   * Takes a step.
   *
   * @param state is changed
   * @return what is to be done, in this order
   */
  public static List<ExchangeEffect> step(ExchangeState state, ExchangeEvent event, Moment now) {
    if (state.phase == Phase.ENDED && !(event instanceof ExchangeEvent.Stopped)) {
      return List.of();
    }
    ExchangeMachine machine = of(state, now);
    event.at(machine);
    return machine.course.takeEffects();
  }

  /** The same; what is to be done is done at once, and may take further steps within. */
  public static void step(
      ExchangeState state, ExchangeEvent event, Moment now, ExchangeEffects by) {
    if (state.phase != Phase.ENDED || event instanceof ExchangeEvent.Stopped) {
      ExchangeMachine machine = of(state, now);
      event.at(machine);
      machine.course.perform(by);
    }
  }

  /** One machine serves an exchange for its whole life, for it is on every request's path. */
  private static ExchangeMachine of(ExchangeState state, Moment now) {
    if (state.machine == null || state.machine.now != now) {
      state.machine = new ExchangeMachine(state, now);
    }
    return state.machine;
  }

  /**
   * The time at which {@link ExchangeEvent.DeadlineReached} is due, monotonic milliseconds; {@link
   * Long#MAX_VALUE} = never.
   */
  public static long deadline(ExchangeState state, Moment now) {
    return of(state, now).deadlines.next();
  }

  void ready() {
    if (state.phase == Phase.READING) {
      course.ask(state.terms.chosen().provider());
    }
  }

  void admitted() {
    if (state.asked == null) {
      return;
    }
    Provider provider = state.asked;
    state.asked = null;
    state.provider = provider;
    if (provider == Provider.FOUNDRY) {
      state.foundryAttempts++;
    } else {
      state.legacyAttempts++;
    }
    state.begunNanos = now.nanos();
    state.sent = false;
    state.settled = false;
    state.errorForm = ErrorForm.NONE;
    state.attemptDeadline = recourse.attemptDeadline(provider);
    course.add(new ExchangeEffect.Begin(provider, provider == state.terms.chosen().provider()));
  }

  void refused() {
    if (state.asked != null) {
      Provider provider = state.asked;
      state.asked = null;
      course.moveOn(provider, Meaning.BREAKER_OPEN.outcome());
    }
  }

  void sent() {
    if (state.phase == Phase.ACQUIRING) {
      state.phase = Phase.AWAITING_HEAD;
      state.sent = true;
    }
  }

  /** Hints of an attempt that another one may follow wait: what they promise may not come. */
  void hinted() {
    if (state.phase == Phase.AWAITING_HEAD && !recourse.mayMoveOn()) {
      course.add(new ExchangeEffect.PassHints());
    }
  }

  /** The head of a response that failed settles the step that follows. */
  void answered(ExchangeEvent.Answered answer) {
    if (state.phase != Phase.AWAITING_HEAD) {
      return;
    }
    Outcome outcome = answer.outcome();
    boolean missing = recourse.isMissing(outcome);
    if (missing && recourse.mayStillExist()) {
      course.settle(outcome);
      course.add(new ExchangeEffect.Leave());
      course.lastWord(ErrorCode.FOUNDRY_UNAVAILABLE, Provider.FOUNDRY, state.failedOver);
      return;
    }
    if (answer.optionRefused() && recourse.mayAskPlainly()) {
      course.askPlainly();
      return;
    }
    if (recourse.hidesFailure(outcome)) {
      course.settle(outcome);
      course.add(new ExchangeEffect.Leave());
      course.lastWord(ErrorCode.FALLBACK_FAILED, Provider.LEGACY, outcome);
      return;
    }
    boolean fails = outcome.next() != Next.RELAY;
    boolean missed = missing && state.provider == Provider.FOUNDRY && state.terms.mayBeAtLegacy();
    state.lookedForElsewhere |= missed;
    if (!fails && !missed) {
      pass(answer);
      return;
    }
    state.phase = Phase.DECIDING;
    state.failure = outcome;
    state.hint = answer.hintMillis();
    state.answer = answer;
    course.settle(outcome);
  }

  /** Decides the step that follows a failure, now that its breaker has heard of it. */
  void settled() {
    boolean leaves = state.phase == Phase.LEAVING;
    if (state.phase == Phase.DECIDING) {
      decide();
    }
    if (leaves) {
      course.left();
    }
  }

  private void decide() {
    ExchangeEvent.Answered answer = state.answer;
    state.answer = null;
    RetryGrant grant = new RetryGrant(now);
    boolean passes =
        state.failure.next() != Next.RELAY
            && recourse.next(state.provider, state.failure, state.hint, true, grant)
                instanceof NextStep.Relay;
    if (passes) {
      pass(answer);
    } else {
      state.budgetAsked = true;
      state.retryGranted = grant.granted();
      keep(state.failure, false);
    }
  }

  /** Nothing follows the response: it is the client's. */
  private void pass(ExchangeEvent.Answered answer) {
    if (state.terms.shapesErrors() && answer.error()) {
      state.hasAnswer = true;
      keep(answer.outcome(), true);
      return;
    }
    state.errorForm = answer.errorForm();
    state.arriving = false;
    state.measured = answer.body() != ExchangeEvent.Body.UNMEASURED;
    state.contentAwaited = answer.body() == ExchangeEvent.Body.STREAM;
    switch (answer.body()) {
      case STREAM -> {
        state.phase = Phase.HOLDING_STREAM;
        hold.begin();
      }
      case WHOLE, UNMEASURED -> {
        state.phase = Phase.HOLDING_WHOLE;
        hold.end();
      }
      case PASSING -> state.phase = Phase.AWAITING_BODY;
      default -> throw new AssertionError("body: " + answer.body() + " (expected: a known way)");
    }
    course.add(new ExchangeEffect.Relay());
  }

  private void keep(Outcome outcome, boolean isFinal) {
    state.phase = Phase.KEEPING;
    state.failure = outcome;
    state.keptIsFinal = isFinal;
    hold.begin();
    course.add(new ExchangeEffect.Keep(isFinal));
  }

  void kept(boolean whole, Outcome meaning) {
    if (state.phase != Phase.KEEPING) {
      return;
    }
    state.hasAnswer |= whole;
    if (state.keptIsFinal) {
      course.settle(meaning);
      course.add(new ExchangeEffect.Leave());
      course.end();
      course.add(new ExchangeEffect.PassKept());
    } else {
      course.leave(state.failure, state.hint);
    }
  }

  void arriving() {
    state.arriving = state.phase == Phase.HOLDING_WHOLE;
    if (state.arriving && !state.measured) {
      hold.begin();
    }
  }

  void content() {
    if (isRelayed() || state.phase == Phase.RELAYING) {
      state.contentAwaited = false;
      course.add(new ExchangeEffect.RecordContent());
      course.add(new ExchangeEffect.Prove());
    }
  }

  /** Tells whether a response passes of which the client has nothing yet. */
  private boolean isRelayed() {
    return state.phase == Phase.HOLDING_STREAM
        || state.phase == Phase.HOLDING_WHOLE
        || state.phase == Phase.AWAITING_BODY;
  }

  /** A stream's first bytes prove nothing, its content does. */
  void committing(boolean ended) {
    if (!isRelayed()) {
      return;
    }
    if (!ended && state.phase != Phase.HOLDING_STREAM) {
      course.add(new ExchangeEffect.Prove());
    }
    hold.end();
    state.phase = Phase.RELAYING;
    course.add(new ExchangeEffect.PassHints());
    course.add(new ExchangeEffect.Commit());
  }

  void relayed(Outcome outcome) {
    if (state.phase == Phase.RELAYING) {
      state.phase = Phase.ENDED;
      course.add(new ExchangeEffect.RecordContent());
      course.settle(outcome);
      course.add(new ExchangeEffect.Finish());
    }
  }

  void broken(Outcome outcome) {
    if (state.phase == Phase.RELAYING) {
      cutShort(outcome);
    } else if (isRelayed()) {
      course.leave(outcome);
    }
  }

  void unfit(Outcome outcome) {
    if (isRelayed()) {
      state.hasAnswer = true;
      course.leave(outcome);
    }
  }

  private void cutShort(Outcome outcome) {
    course.end();
    course.settle(outcome);
    course.add(new ExchangeEffect.Leave());
    course.add(new ExchangeEffect.CutShort(outcome, state.errorForm));
  }

  /** While a body is read those who read it tell of its end. */
  void lost(Outcome outcome) {
    if (state.phase == Phase.ACQUIRING || state.phase == Phase.AWAITING_HEAD) {
      course.leave(outcome);
    }
  }

  /** Whoever has had no byte since the probe began moves on. */
  void probeDown(Provider provider, long sinceNanos) {
    long lastByte = isRelayed() ? now.answerByteNanos() : state.begunNanos;
    boolean silent = lastByte - sinceNanos < 0;
    if (state.waits() && state.provider == provider && silent && recourse.replaceable()) {
      course.leave(Meaning.PROBE_DOWN.outcome());
    }
  }

  /** Whoever is held back only until the provider's probe is heard goes on. */
  void probeUp(Provider provider) {
    if (isRelayed() && state.provider == provider && hold.heard()) {
      hold.end();
      course.add(new ExchangeEffect.Release());
    }
  }

  /** A request that waits for a place at a breaker has one, and does not sit out its wait. */
  void breakerClosed(Provider provider) {
    if (state.phase == Phase.WAITING_RETRY && recourse.waitsFor(provider)) {
      course.askSoon(provider);
    }
  }

  void deadlineReached() {
    long at = now.millis();
    if (at < deadlines.next()) {
      return;
    }
    switch (state.phase) {
      case READING -> {
        state.phase = Phase.ENDED;
        course.add(new ExchangeEffect.RefuseLate());
      }
      case ACQUIRING, AWAITING_HEAD, AWAITING_BODY -> course.leave(deadlines.attemptLate());
      case HOLDING_STREAM -> {
        if (at >= state.attemptDeadline) {
          course.leave(deadlines.attemptLate());
        } else if (hold.over(recourse.replaceable())) {
          course.add(new ExchangeEffect.Release());
        }
      }
      case HOLDING_WHOLE -> {
        if (!state.arriving) {
          course.leave(deadlines.attemptLate());
        } else if (at >= deadlines.body()) {
          course.leave(deadlines.bodyLate());
        } else if (hold.over(recourse.replaceable())) {
          course.add(new ExchangeEffect.Release());
        }
      }
      case KEEPING -> kept(false, state.failure);
      case WAITING_RETRY -> course.retry();
      case RELAYING -> cutShort(deadlines.bodyLate());
      case DECIDING, LEAVING, ENDED ->
          throw new AssertionError("deadline: none in " + state.phase + " (expected: a wait)");
      default -> throw new AssertionError("phase: " + state.phase + " (expected: a known one)");
    }
  }

  /** An answer that overtook its request leaves a connection on which that is still being sent. */
  void stopped() {
    if (state.provider != null) {
      if (state.phase != Phase.ENDED) {
        course.end();
        course.settle(Meaning.CLIENT_GONE.outcome());
      }
      course.add(new ExchangeEffect.Leave());
    }
    state.phase = Phase.ENDED;
  }
}
