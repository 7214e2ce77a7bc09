package com.huntaze.rollout.exchange;

import com.huntaze.rollout.failover.Deadlines;
import com.huntaze.rollout.failover.FailoverPolicy;
import com.huntaze.rollout.failover.RetryPolicy;
import com.huntaze.rollout.failover.RetrySettings;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** A world in virtual time for one exchange. */
final class ExchangeWorld implements Moment {
  static final long TO_FIRST_CONTENT = 60_000;
  static final long RESERVE = 20_000;
  static final long STREAM = 600_000;
  static final long IDLE = 30_000;
  static final int MAX_RETRIES = 2;

  final Set<Provider> open = EnumSet.noneOf(Provider.class);
  final long startMillis;
  long nanos;
  int budget;
  int granted;
  boolean bodyKept = true;
  boolean bodyAwaited;
  boolean withdrawn;
  boolean doubtful;
  boolean paused;
  long answerByteNanos;
  double chance = 0.5;

  /** The clock begins anywhere, also below zero as {@code System.nanoTime} may. */
  ExchangeWorld(long startMillis, int budget) {
    this.startMillis = startMillis;
    this.nanos = startMillis * 1_000_000;
    this.budget = budget;
  }

  static ExchangeLimits limits(long holdBack) {
    RetrySettings retries = new RetrySettings(MAX_RETRIES, Duration.ofMillis(200), 2, 0.2);
    FailoverPolicy policy =
        new FailoverPolicy(
            new RetryPolicy(retries),
            new RetryPolicy(retries),
            new Deadlines(TO_FIRST_CONTENT, RESERVE));
    return new ExchangeLimits(policy, TO_FIRST_CONTENT, STREAM, IDLE, IDLE, holdBack, 1_000);
  }

  static ExchangeTerms terms(Provider chosen, boolean fallback, boolean repeatable) {
    return new ExchangeTerms(
        new ProviderChoice(chosen, Reason.MODE), fallback, repeatable, false, false, false, false);
  }

  void pass(long millis) {
    nanos += millis * 1_000_000;
  }

  /** A byte of the response comes. */
  void answerByte() {
    answerByteNanos = nanos;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public double chance() {
    return chance;
  }

  @Override
  public boolean breakerOpen(Provider provider) {
    return open.contains(provider);
  }

  @Override
  public boolean legacyThrottled() {
    return false;
  }

  @Override
  public boolean withdrawn() {
    return withdrawn;
  }

  @Override
  public boolean bodyKept() {
    return bodyKept;
  }

  @Override
  public boolean bodyAwaited() {
    return bodyAwaited;
  }

  @Override
  public long bodyByteNanos() {
    return startMillis * 1_000_000;
  }

  @Override
  public long answerByteNanos() {
    return answerByteNanos;
  }

  @Override
  public boolean answerPaused() {
    return paused;
  }

  @Override
  public boolean doubtful(Provider provider, long sinceNanos) {
    return doubtful;
  }

  @Override
  public boolean tryRetry() {
    if (budget == 0) {
      return false;
    }
    budget--;
    granted++;
    return true;
  }
}
