package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.failover.NextStep;
import com.huntaze.rollout.failover.Permit;
import com.huntaze.rollout.outcome.Next;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.ProviderChoice;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Runs the attempts of one request, one after the other. {@link Chances} decide what follows a
 * failure; nothing is tried again once the head of an answer has gone to the client.
 */
final class Pursuit implements Attempt.Listener, ResponseRelay.Listener {
  private final Resources resources;
  private final Ask ask;
  private final ClientSink sink;
  private final PursuitListener listener;
  private final HoldBack holdBack;
  private final Chances chances;
  private final Account account;
  private final EarlyHints earlyHints;
  private final HeldAnswers held;
  private ExchangeWatch watch = ExchangeWatch.NONE;
  private Attempt attempt;
  private long attemptDeadline = Long.MAX_VALUE;
  private DueRetry retry;
  private ResponseRelay relay;
  private BodyDeadlines deadlines;
  private boolean over;

  /** What Foundry failed with before legacy was asked in its stead. */
  private Outcome failedOver;

  Pursuit(
      Resources resources, Ask ask, Account account, ClientSink sink, PursuitListener listener) {
    this.resources = resources;
    this.ask = ask;
    this.account = account;
    this.sink = sink;
    this.listener = listener;
    this.chances = new Chances(resources.failover(), resources.chooser(), ask);
    this.earlyHints = new EarlyHints(ask.request());
    this.held = new HeldAnswers(resources.server().holdJsonBytes(), resources.memory());
    this.holdBack = HoldBack.of(resources);
  }

  void start() {
    resources.failover().budget().request(Monotonic.millis());
    watch = resources.observations().watch(ask);
    attempt(ask.chosen().provider());
  }

  /** The client has left, or is refused: nothing is sent to anybody any more. */
  void stop() {
    end();
    held.cancel();
    if (relay != null) {
      relay.cancel();
    }
    if (attempt != null) {
      drop(new Outcome.ClientGone());
    }
  }

  private void settle(Outcome outcome) {
    if (!attempt.settled()) {
      attempt.settle(outcome, account.ended(attempt, outcome));
    }
  }

  private void end() {
    over = true;
    held.forget();
    watch.over();
  }

  /** Whether the answer that is being passed on is an event stream. */
  boolean eventStream() {
    return relay != null && relay.eventStream();
  }

  /** Who serves, or served, the request by now, and why. */
  ProviderChoice served() {
    return chances.served();
  }

  boolean fellBack() {
    return chances.fellBack();
  }

  private void attempt(Provider provider) {
    ProviderBreaker breaker = resources.failover().breaker(provider);
    Permit permit = breaker.admit(chances.standing(provider));
    if (permit == null) {
      Outcome refused = new Outcome.BreakerOpen();
      go(provider, refused, next(provider, refused, OptionalLong.empty(), () -> false));
      return;
    }
    UpstreamClient client = resources.upstreams().get(provider);
    chances.used(provider);
    account.began(client);
    ExchangeWatch told = watch.attempt(provider == ask.chosen().provider());
    attempt = new Attempt(client, breaker, permit, resources.meters(), told, this);
    attemptDeadline = chances.deadlineOf(provider);
    resources.waiting().add(this);
    listener.deadlineMoved();
    attempt.start(ask.request().method(), ask.target(client));
  }

  @Override
  public void write(HttpClientRequest acquired) {
    ask.write(acquired, attempt.client(), account.trace());
  }

  @Override
  public void hinted(MultiMap hints) {
    earlyHints.came(hints, chances.mayMoveOn(attempt));
  }

  @Override
  public void answered(HttpClientResponse answer) {
    Outcome outcome = attempt.meaning(answer.statusCode(), null);
    account.answered(answer);
    if (chances.jobMayStillExist(attempt.provider(), outcome)) {
      answer.handler(ignored -> {}).exceptionHandler(ignored -> {});
      drop(outcome);
      lastWord(ErrorCode.FOUNDRY_UNAVAILABLE, Provider.FOUNDRY, failedOver);
      return;
    }
    boolean fails = outcome.next() != Next.RELAY;
    if (!fails && !chances.jobMissed(attempt.provider(), outcome)) {
      pass(answer, outcome);
      return;
    }
    // What follows on it is settled by its head: what nothing follows on passes as it comes.
    settle(outcome);
    OptionalLong hint = AnswerHead.hint(answer);
    RetryGrant grant = chances.retryGrant();
    NextStep next =
        fails
            ? chances.next(attempt.provider(), attempt, outcome, hint, true, grant)
            : new NextStep.FailOver();
    if (next instanceof NextStep.Relay) {
      pass(answer, outcome);
    } else {
      holdForAWhile();
      held.take(served(), outcome, answer, () -> leave(outcome, hint, grant::granted));
    }
  }

  /** Nothing follows on the answer: it is the client's. */
  private void pass(HttpClientResponse answer, Outcome outcome) {
    if (ask.identity().shapesErrors() && AgentError.isError(answer.statusCode())) {
      held.keep(served(), outcome, answer);
      holdForAWhile();
      held.take(served(), outcome, answer, this::passHeld);
    } else {
      relay(answer);
    }
  }

  private void passHeld() {
    HeldAnswer last = held.last();
    drop(attempt.meaning(last.status(), last.body()));
    end();
    listener.passes(last);
  }

  private void drop(Outcome outcome) {
    resources.waiting().remove(this);
    settle(outcome);
    attempt.stop();
  }

  private void relay(HttpClientResponse answer) {
    AgentShape shape = AgentShape.of(ask, account.tap(), served(), answer);
    relay = new ResponseRelay(resources, ask, answer, sink, account.tap(), shape, listener, this);
    TimeoutSettings timeouts = resources.failover().timeouts();
    deadlines = new BodyDeadlines(ask, relay, attempt.client().idle(), timeouts);
    if (relay.holdsBack()) {
      holdForAWhile();
    }
    relay.start();
  }

  /** Holds back from now on, for as long as is configured. */
  private void holdForAWhile() {
    holdBack.begin();
    listener.deadlineMoved();
  }

  @Override
  public void lost(Outcome outcome) {
    // While a body is relayed or taken in, those who read it hear of its end themselves.
    if (!over && relay == null && !held.arriving()) {
      leave(outcome);
    }
  }

  private void leave(Outcome outcome) {
    leave(outcome, OptionalLong.empty(), chances.retryGrant());
  }

  /** Gives the attempt up, and does what follows on that. */
  private void leave(Outcome outcome, OptionalLong hint, BooleanSupplier retryGranted) {
    Provider provider = attempt.provider();
    settle(outcome);
    if (relay != null) {
      relay.cancel();
      relay = null;
    }
    held.cancel();
    drop(outcome);
    attemptDeadline = Long.MAX_VALUE;
    holdBack.end();
    earlyHints.forget();
    if (chances.jobMayStillBeFound(provider)) {
      attempt(Provider.LEGACY);
    } else {
      go(provider, outcome, next(provider, outcome, hint, retryGranted));
    }
  }

  private NextStep next(
      Provider provider, Outcome outcome, OptionalLong hint, BooleanSupplier retryGranted) {
    return chances.next(provider, attempt, outcome, hint, held.last() != null, retryGranted);
  }

  private void go(Provider provider, Outcome outcome, NextStep next) {
    if (next instanceof NextStep.Retry wait) {
      resources.meters().retried(provider);
      await(provider, outcome, wait.delayMillis());
    } else if (next instanceof NextStep.AskAgain wait) {
      chances.waitsFor(wait.provider());
      await(wait.provider(), outcome, wait.delayMillis());
    } else if (next instanceof NextStep.TryFoundry) {
      chances.returns();
      attempt(Provider.FOUNDRY);
    } else if (next instanceof NextStep.FailOver) {
      resources.meters().fellBack(outcome);
      failedOver = outcome;
      attempt(Provider.LEGACY);
    } else if (next instanceof NextStep.GiveUp giveUp) {
      lastWord(giveUp.code(), provider, outcome);
    } else {
      lastWord(UpstreamFault.code(fellBack(), outcome), provider, outcome);
    }
  }

  private void await(Provider provider, Outcome failure, long delayMillis) {
    retry = new DueRetry(provider, failure, Monotonic.millis() + delayMillis);
    listener.deadlineMoved();
  }

  /** Nothing follows any more: the last answer that was kept passes, else one of ours. */
  private void lastWord(ErrorCode code, Provider provider, Outcome outcome) {
    end();
    if (held.last() != null) {
      listener.passes(held.last());
    } else {
      listener.givenUp(code, provider, outcome);
    }
  }

  /** The wait for a retry is over; what spoke for it may not hold any more. */
  private void retry() {
    DueRetry due = retry;
    retry = null;
    if (chances.stillRetries(due, attempt)) {
      attempt(due.provider());
    } else {
      NextStep next = next(due.provider(), due.failure(), OptionalLong.empty(), () -> false);
      go(due.provider(), due.failure(), next);
    }
  }

  @Override
  public void commits() {
    HttpClientResponse answer = relay.upstream();
    if (!relay.whole() && !relay.holdsBack()) {
      attempt.proves(answer.statusCode());
    }
    holdBack.end();
    resources.waiting().remove(this);
    earlyHints.pass();
    listener.commits(answer);
    listener.deadlineMoved();
  }

  @Override
  public void content() {
    deadlines.content();
    account.content();
    attempt.proves(relay.upstream().statusCode());
    watch.content();
  }

  @Override
  public void relayed(Outcome outcome, Buffer whole) {
    account.content();
    watch.content();
    Outcome meant = attempt.meaning(relay.upstream().statusCode(), whole);
    settle(meant instanceof Outcome.Complete ? outcome : meant);
    over = true;
    held.forget();
    if (whole != null && meant instanceof Outcome.Complete && ask.createsJob()) {
      resources.jobs().remember(whole, attempt.provider());
    }
    listener.relayed();
  }

  @Override
  public void broken(Outcome outcome) {
    if (over) {
      return;
    }
    if (relay.committed()) {
      cutShort(outcome);
    } else {
      leave(outcome);
    }
  }

  private void cutShort(Outcome outcome) {
    end();
    settle(outcome);
    relay.cancel();
    attempt.stop();
    listener.cutShort(outcome, relay.eventStream());
  }

  /** The provider's probe found it down: who has had no byte since then moves on. */
  void providerDown(Provider provider, long begunBeforeNanos) {
    boolean waits = !over && retry == null && attempt.provider() == provider;
    long lastByte = relay == null ? attempt.begunNanos() : relay.lastByteNanos();
    if (waits && chances.replaceable(attempt) && lastByte - begunBeforeNanos < 0) {
      leave(new Outcome.ProbeDown());
    }
  }

  /** The provider answered a probe: who only waited for that goes on. */
  void providerAlive(Provider provider) {
    boolean waits = !over && relay != null && attempt.provider() == provider;
    if (waits && holdBack.answered(provider, relay.lastByteNanos())) {
      holdBack.end();
      relay.release();
    }
  }

  /** When something has to be looked at, {@link Monotonic#millis}. */
  long nextDeadline() {
    if (over) {
      return Long.MAX_VALUE;
    }
    boolean coming = relay != null && (relay.arriving() || relay.committed());
    long due = retry == null ? Long.MAX_VALUE : retry.atMillis();
    return coming
        ? deadlines.next()
        : Math.min(due, Math.min(attemptDeadline, holdBack.deadline()));
  }

  /** The next deadline has passed. */
  void deadline() {
    long now = Monotonic.millis();
    if (relay != null && relay.committed()) {
      cutShort(deadlines.passed(now));
    } else if (retry != null && now >= retry.atMillis()) {
      retry();
    } else if (relay != null && relay.arriving()) {
      leave(deadlines.passed(now));
    } else if (now >= attemptDeadline && !held.arriving()) {
      leave(chances.late());
    } else {
      holdOver();
    }
  }

  private void holdOver() {
    if (held.arriving()) {
      holdBack.end();
      held.giveUp();
    } else if (relay != null) {
      boolean replaceable = chances.replaceable(attempt);
      if (holdBack.over(attempt.provider(), relay.lastByteNanos(), replaceable)) {
        relay.release();
      } else {
        listener.deadlineMoved();
      }
    }
  }
}
