package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.failover.FailoverPolicy;
import com.huntaze.rollout.failover.NextStep;
import com.huntaze.rollout.failover.Permit;
import com.huntaze.rollout.outcome.Next;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.OutcomeClassifier;
import com.huntaze.rollout.outcome.RetryHint;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.ProviderChoice;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The attempts that are made for one request, one after the other, until one answers or nothing is
 * left to try. What follows on a failure before the client's head is committed is decided by {@link
 * FailoverPolicy}; this class tells it what happened and does what it says. How the answer reaches
 * the client is the listener's affair.
 */
final class Pursuit implements Attempt.Listener, ResponseRelay.Listener {
  private final Resources resources;
  private final Ask ask;
  private final Listener listener;
  private final HoldBack holdBack;
  private final Chances chances;
  private ExchangeWatch watch = ExchangeWatch.NONE;
  private Attempt attempt;
  private long attemptNanos;
  private long attemptDeadline = Long.MAX_VALUE;
  private DueRetry retry;
  private ResponseRelay relay;
  private AnswerCollector collector;
  private HeldAnswer held;
  private boolean contentSeen;
  private boolean over;

  /** Told what comes of it: first {@code commits} or an ending, then exactly one ending. */
  interface Listener {
    /** The first bytes of an answer are about to go: its head must be written now. */
    void commits(HttpClientResponse answer);

    /** The answer has been handed to the client's connection whole. */
    void relayed();

    /** The answer broke off after a part of it went to the client. */
    void cutShort(Outcome outcome, boolean eventStream);

    /** No attempt succeeded; the last answer that a provider gave passes as it is. */
    void passes(HeldAnswer answer);

    /** No provider answered. */
    void givenUp(ErrorCode code, Provider provider, Outcome outcome);

    /** A deadline may have come nearer. */
    void deadlineMoved();
  }

  Pursuit(Resources resources, Ask ask, Listener listener) {
    this.resources = resources;
    this.ask = ask;
    this.listener = listener;
    this.chances = new Chances(resources.failover(), resources.chooser(), ask);
    this.holdBack =
        new HoldBack(
            resources.waiting(),
            resources.server().holdBack(),
            resources.failover().probePatience());
  }

  void start() {
    resources.failover().budget().request(Monotonic.millis());
    watch = resources.observations().watch(ask.chosen(), ask.identity());
    attempt(ask.chosen().provider());
  }

  /** The client has left, or is refused: nothing is sent to anybody any more. */
  void stop() {
    end();
    resources.waiting().remove(this);
    if (relay != null) {
      relay.cancel();
    }
    if (attempt != null) {
      attempt.settle(new Outcome.ClientGone());
      attempt.stop();
    }
  }

  private void end() {
    over = true;
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

  /** Of a request one observation is made: how the first attempt ended that was made for it. */
  private ExchangeWatch watching(Provider provider) {
    if (provider != ask.chosen().provider()) {
      watch.over();
      return ExchangeWatch.NONE;
    }
    return watch.begin() ? watch : ExchangeWatch.NONE;
  }

  private void attempt(Provider provider) {
    ProviderBreaker breaker = resources.failover().breaker(provider);
    Permit permit = breaker.admit();
    if (permit == null) {
      decide(provider, new Outcome.BreakerOpen(), OptionalLong.empty());
      return;
    }
    chances.used(provider);
    UpstreamClient client = resources.upstreams().get(provider);
    attempt = new Attempt(client, breaker, permit, resources.meters(), watching(provider), this);
    attemptNanos = System.nanoTime();
    attemptDeadline = chances.deadlineOf(provider);
    resources.waiting().add(this);
    listener.deadlineMoved();
    attempt.start(ask.request().method(), ask.identity().target());
  }

  @Override
  public void write(HttpClientRequest acquired) {
    ask.write(acquired, attempt.client());
  }

  @Override
  public void hinted(MultiMap hints) {
    EarlyHints.pass(hints, ask.request());
  }

  @Override
  public void answered(HttpClientResponse answer) {
    Outcome outcome = byStatus(answer);
    boolean jobMissed = chances.jobMissed(attempt.provider(), outcome);
    OptionalLong hint = hint(answer, outcome);
    boolean passes = outcome.next() == Next.RELAY || !chances.mayMoveOn(attempt, outcome, hint);
    if (!jobMissed && passes) {
      contentSeen = false;
      relay = new ResponseRelay(ask.request(), answer, resources.server(), this);
      if (relay.holdsBack()) {
        holdForAWhile();
      }
      relay.start();
    } else {
      holdForAWhile();
      collect(answer, outcome, hint);
    }
  }

  private static OptionalLong hint(HttpClientResponse answer, Outcome outcome) {
    return outcome.next() == Next.RELAY
        ? OptionalLong.empty()
        : RetryHint.of(answer::getHeader, System.currentTimeMillis());
  }

  /** Holds back from now on, for as long as is configured. */
  private void holdForAWhile() {
    holdBack.begin();
    listener.deadlineMoved();
  }

  private Outcome byStatus(HttpClientResponse answer) {
    return OutcomeClassifier.ofStatus(answer.statusCode(), attempt.client().ownCredentials());
  }

  private void collect(HttpClientResponse answer, Outcome outcome, OptionalLong hint) {
    collector =
        new AnswerCollector(
            served(),
            answer,
            resources.server().holdJsonBytes(),
            whole -> {
              if (!over) {
                held = whole == null ? held : whole;
                leave(outcome, hint);
              }
            });
    collector.start();
  }

  @Override
  public void lost(Outcome outcome) {
    // While a body is relayed or taken in, those who read it hear of its end themselves.
    if (!over && relay == null && collector == null) {
      leave(outcome, OptionalLong.empty());
    }
  }

  /** Gives the attempt up, and does what follows on that. */
  private void leave(Outcome outcome, OptionalLong hint) {
    Provider provider = attempt.provider();
    resources.waiting().remove(this);
    attempt.settle(outcome);
    if (relay != null) {
      relay.cancel();
      relay = null;
    }
    if (collector != null) {
      collector.cancel();
      collector = null;
    }
    attempt.stop();
    attemptDeadline = Long.MAX_VALUE;
    holdBack.end();
    decide(provider, outcome, hint);
  }

  private void decide(Provider provider, Outcome outcome, OptionalLong hint) {
    if (chances.jobMayStillBeFound(provider)) {
      attempt(Provider.LEGACY);
      return;
    }
    NextStep next =
        resources
            .failover()
            .policy()
            .next(
                chances.failed(provider, attempt, outcome, hint, held != null),
                ThreadLocalRandom.current().nextDouble(),
                () -> resources.failover().budget().tryRetry(Monotonic.millis()));
    if (next instanceof NextStep.Retry wait) {
      resources.meters().retried(provider);
      retry = new DueRetry(provider, outcome, Monotonic.millis() + wait.delayMillis());
      listener.deadlineMoved();
    } else if (next instanceof NextStep.FailOver) {
      resources.meters().fellBack(outcome);
      attempt(Provider.LEGACY);
    } else if (next instanceof NextStep.Relay && held != null) {
      end();
      listener.passes(held);
    } else if (next instanceof NextStep.GiveUp giveUp) {
      end();
      listener.givenUp(giveUp.code(), provider, outcome);
    } else {
      end();
      listener.givenUp(UpstreamFault.code(provider), provider, outcome);
    }
  }

  /** The wait for a retry is over; what spoke for it may not hold any more. */
  private void retry() {
    DueRetry due = retry;
    retry = null;
    if (chances.stillRetries(due, attempt)) {
      attempt(due.provider());
    } else {
      decide(due.provider(), due.failure(), OptionalLong.empty());
    }
  }

  @Override
  public void commits() {
    HttpClientResponse answer = relay.upstream();
    if (attempt.trial() && !relay.whole()) {
      // The trial has shown what it was for; a long stream must not hold its place.
      attempt.giveBack(byStatus(answer));
    }
    holdBack.end();
    resources.waiting().remove(this);
    listener.commits(answer);
    listener.deadlineMoved();
  }

  @Override
  public void content() {
    contentSeen = true;
    watch.content();
  }

  @Override
  public void relayed(Outcome outcome, Buffer whole) {
    watch.content();
    Outcome byStatus = filtered(whole) ? new Outcome.ContentFiltered() : byStatus(relay.upstream());
    attempt.settle(byStatus instanceof Outcome.Complete ? outcome : byStatus);
    over = true;
    if (whole != null && byStatus instanceof Outcome.Complete && ask.createsJob()) {
      resources.jobs().remember(whole, attempt.provider());
    }
    listener.relayed();
  }

  /** A content filter's 400 is neither the provider's fault nor proof of its health. */
  private boolean filtered(Buffer whole) {
    return relay.upstream().statusCode() == 400
        && whole != null
        && OutcomeClassifier.isContentFilter(whole.getBytes(), whole.length());
  }

  @Override
  public void broken(Outcome outcome) {
    if (over) {
      return;
    }
    if (relay.committed()) {
      cutShort(outcome);
    } else {
      leave(outcome, OptionalLong.empty());
    }
  }

  private void cutShort(Outcome outcome) {
    end();
    attempt.settle(outcome);
    relay.cancel();
    attempt.stop();
    listener.cutShort(outcome, relay.eventStream());
  }

  /** The provider's probe found it down: who has had no byte since then moves on. */
  void providerDown(Provider provider, long begunBeforeNanos) {
    boolean waits = !over && retry == null && attempt.provider() == provider;
    long lastByte = relay == null ? attemptNanos : relay.lastByteNanos();
    if (waits && chances.replaceable(attempt) && lastByte - begunBeforeNanos < 0) {
      leave(new Outcome.ProbeDown(), OptionalLong.empty());
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
    if (relay != null && relay.arriving()) {
      return deadlines().ofBody(false);
    }
    if (relay == null || !relay.committed()) {
      long due = retry == null ? Long.MAX_VALUE : retry.atMillis();
      return Math.min(due, Math.min(attemptDeadline, holdBack.deadline()));
    }
    return deadlines().ofBody(relay.paused());
  }

  private BodyDeadlines deadlines() {
    boolean contentAwaited = relay.holdsBack() && !contentSeen;
    return new BodyDeadlines(
        ask.startMillis(),
        Monotonic.millis(relay.lastByteNanos()) + attempt.client().idle().toMillis(),
        contentAwaited,
        resources.failover().timeouts());
  }

  /** The next deadline has passed. */
  void deadline() {
    long now = Monotonic.millis();
    if (relay != null && relay.committed()) {
      cutShort(deadlines().passed(now));
    } else if (retry != null && now >= retry.atMillis()) {
      retry();
    } else if (relay != null && relay.arriving()) {
      leave(deadlines().passed(now), OptionalLong.empty());
    } else if (now >= attemptDeadline) {
      leave(new Outcome.FirstContentTimeout(), OptionalLong.empty());
    } else {
      holdOver();
    }
  }

  private void holdOver() {
    if (collector != null) {
      holdBack.end();
      collector.giveUp();
    } else if (relay == null
        || holdBack.over(attempt.provider(), relay.lastByteNanos(), chances.replaceable(attempt))) {
      release();
    } else {
      listener.deadlineMoved();
    }
  }

  private void release() {
    if (relay != null) {
      relay.release();
    }
  }
}
