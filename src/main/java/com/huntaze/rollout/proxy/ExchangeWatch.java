package com.huntaze.rollout.proxy;

import com.huntaze.rollout.client.ClientTime;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ComparedExchanges;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UsagePromise;
import com.huntaze.rollout.route.PlainPath;

/**
 * One exchange as the judge will see it: what became of the first attempt, and how long the chosen
 * provider took, retries included, to its first content. It counts as slow the moment it passes the
 * limit, whatever follows. While a body that streams is waited for, or the client takes nothing of
 * its answer, it is the client that is slow: that time is nobody's.
 */
final class ExchangeWatch {
  /** Of an exchange that is not judged. */
  static final ExchangeWatch NONE =
      new ExchangeWatch(null, Long.MAX_VALUE, new ClientTime(), null, null, SplitWatch.NONE);

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Observation observation;
  private final long limitMillis;
  private final ClientTime clientTime;
  private final Compared.Origin origin;
  private final ComparedExchanges compared;
  private final SplitWatch split;
  private boolean stream;
  private boolean dependent;

  /** {@code null} = not known. */
  private String path;

  private long startNanos;
  private long clientBefore;
  private long latencyMillis = Observation.UNKNOWN;
  private boolean begun;
  private boolean over;

  /**
   * @param observation {@code null} = not judged
   * @param limitMillis from which on it is slow
   * @param clientTime the time in which it waited for its client
   * @param origin where it belongs in the comparison with legacy
   * @param compared takes it when it has ended
   * @param split sees who serves it
   */
  ExchangeWatch(
      Observation observation,
      long limitMillis,
      ClientTime clientTime,
      Compared.Origin origin,
      ComparedExchanges compared,
      SplitWatch split) {
    this.split = split;
    this.origin = origin;
    this.compared = compared;
    this.clientTime = clientTime;
    this.observation = observation;
    this.limitMillis = limitMillis;
    this.over = observation == null;
  }

  /**
   * An attempt begins. Of a request one observation is made: how the first attempt ended.
   *
   * @param chosen whether it is made at the provider that was chosen for the request
   * @param nowNanos the moment, {@code System.nanoTime}
   * @return what its end is told to
   */
  ExchangeWatch attempt(boolean chosen, long nowNanos) {
    split.attempt(chosen);
    if (!chosen) {
      over();
    }
    if (!chosen || begun || observation == null) {
      return NONE;
    }
    begun = true;
    startNanos = nowNanos;
    clientBefore = clientTime.nanos(startNanos);
    return this;
  }

  /** Tells its path, without a query. */
  void at(String itsPath) {
    path = itsPath;
  }

  /** Looked up only for the few answers of which no usage is known. */
  private boolean needNotTellUsage() {
    return path != null && !UsagePromise.isMadeOn(PlainPath.of(path));
  }

  /** It was under way when the breaker opened: its fate is no sample, whatever it is. */
  void dependent() {
    if (observation != null) {
      dependent = true;
      observation.dependent();
    }
  }

  /**
   * The first attempt's fate is known.
   *
   * @param charge what it cost, {@code null} = nothing
   */
  void settled(Outcome outcome, Charge charge) {
    if (observation == null) {
      return;
    }
    long nano = charge == null ? Observation.UNKNOWN : nano(charge);
    String model = charge == null ? null : charge.model();
    if (!dependent) {
      compared.add(new Compared(origin, outcome, latencyMillis, stream, tokens(charge), nano));
    }
    if (outcome.slow()) {
      observation.slow();
    }
    if ((charge == null || charge.usage() == null) && needNotTellUsage()) {
      observation.tellsNoUsage();
    }
    switch (outcome.judge()) {
      case SUCCESS -> observation.settle(true, latencyMillis, nano, model);
      case ERROR -> observation.settle(false, latencyMillis, nano, model);
      case NEUTRAL -> observation.neutral(Meaning.THROTTLED.isOf(outcome));
      case CALLER, NOBODY -> none(outcome);
      default -> throw new AssertionError(outcome.judge());
    }
  }

  private void none(Outcome outcome) {
    over = true;
    if (Meaning.NOT_FOUND.isOf(outcome)) {
      observation.notFound();
    }
  }

  private static long tokens(Charge charge) {
    boolean told = charge != null && charge.usage() != null;
    return told ? charge.usage().outputTokens() : Compared.UNKNOWN;
  }

  /** That an error cost nothing must not make the provider look cheap. */
  private static long nano(Charge charge) {
    long nano = charge.cost().isKnown() ? charge.cost().nanoUsd() : Observation.UNKNOWN;
    return nano == 0 && charge.usage() == null ? Observation.UNKNOWN : nano;
  }

  /**
   * The chosen provider's first content is here: of a stream the first, else the last byte.
   *
   * @param stream whether it is of a stream
   */
  void content(boolean stream) {
    if (over) {
      return;
    }
    over = true;
    this.stream = stream;
    if (stream) {
      observation.streams();
    }
    latencyMillis = elapsedMillis(System.nanoTime());
    if (latencyMillis > limitMillis) {
      observation.slow();
    }
    observation.latency(latencyMillis);
  }

  /** Nobody waits for the chosen provider any more. */
  void over() {
    if (!over && begun && elapsedMillis(System.nanoTime()) > limitMillis) {
      observation.slow();
    }
    over = true;
  }

  private long elapsedMillis(long nowNanos) {
    long waited = clientTime.nanos(nowNanos) - clientBefore;
    return (nowNanos - startNanos - waited) / NANOS_PER_MILLI;
  }

  /** Returns whether its clock has stood since it began. */
  boolean hasWaited(long nowNanos) {
    return begun && clientTime.nanos(nowNanos) > clientBefore;
  }

  /** The exchange has ended, whoever has served it. */
  void ended() {
    split.ended(origin);
  }

  boolean isOver() {
    return over;
  }

  /**
   * Returns whether it has lasted as long as it may by now; if it goes on it is slow, once and
   * finally.
   */
  boolean sweep(long nowNanos) {
    boolean late = begun && elapsedMillis(nowNanos) > limitMillis;
    if (late && !over) {
      observation.slow();
    }
    return late || over;
  }
}
