package com.huntaze.rollout.breaker;

import com.huntaze.rollout.failover.Admission;
import com.huntaze.rollout.failover.Asking;
import com.huntaze.rollout.failover.BreakerMachine;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.Permit;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.BreakerResult;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * One provider's circuit breaker (seed Property 8; requirements 6.4 and 6.5).
 *
 * <p>{@link BreakerMachine} decides, on a state that every event loop changes by compare-and-set,
 * so that a request costs one volatile read while the breaker is closed and is refused at once when
 * it is not. Each time that it opens, a Vert.x breaker opens with it, on a context that outlives
 * every proxy verticle, because a timer dies with the context that it was started on. That breaker
 * tells when trials may begin.
 */
public final class ProviderBreaker {
  private static final long NEVER = Long.MIN_VALUE;
  private static final long THROTTLED_MILLIS = 1_000;

  private final Provider provider;
  private final Context home;
  private final BiConsumer<Provider, BreakerState> listener;
  private final AtomicReference<BreakerState> state;
  private final RecentUsers users = new RecentUsers();
  private final LastFailures failures = new LastFailures();
  private final Vertx vertx;
  private volatile BreakerMachine machine;
  private volatile long throttledMillis = NEVER;
  private volatile boolean succeeded;

  /** Of the home context alone. */
  private boolean renewing;

  private CircuitBreakerSettings settings;

  /**
   * @param home the context of timers, {@code listener} and {@link #configure}
   * @param listener told on that context of every change of the kind of state
   */
  ProviderBreaker(
      Vertx vertx,
      Context home,
      Provider provider,
      CircuitBreakerSettings settings,
      BiConsumer<Provider, BreakerState> listener) {
    this.vertx = vertx;
    this.provider = provider;
    this.settings = settings;
    this.machine = new BreakerMachine(settings);
    this.state = new AtomicReference<>(machine.initial());
    this.home = home;
    this.listener = listener;
  }

  /**
   * Goes on by other settings, on its context. Failures that were counted stay, and so does an open
   * state; its time is over when it was to be, and is another one the next time.
   *
   * @param renews whether the provider is another one by now, of which nothing is known
   */
  void configure(CircuitBreakerSettings other, boolean renews) {
    if (!other.equals(settings)) {
      settings = other;
      machine = new BreakerMachine(other);
    }
    if (renews) {
      succeeded = false;
      BreakerState before = state.getAndUpdate(machine::renewed);
      if (!(before instanceof BreakerState.Closed)) {
        renewing = true;
        settle();
        renewing = false;
      }
    }
  }

  /** The state in force. */
  public BreakerState state() {
    return state.get();
  }

  /** Returns whether no attempt would be admitted now that another provider could make. */
  public boolean open() {
    return state.get() instanceof BreakerState.Open;
  }

  /**
   * The right to make an attempt; {@code null} when it is refused.
   *
   * @param standing whether another provider could answer instead
   * @param user hash of the user whose request it is
   * @param again whether the same exchange has failed here already
   */
  public BreakerPermit admit(Standing standing, long user, boolean again) {
    long now = nowMillis();
    users.seen(user, now);
    while (true) {
      BreakerState before = state.get();
      // Asked only of those whose trial it decides about.
      boolean others =
          before instanceof BreakerState.HalfOpen half
              && half.unfit().contains(user)
              && users.anyBut(half.unfit(), now);
      Admission admission = machine.admit(before, new Asking(standing, user, again, others), now);
      if (admission.state() == before || state.compareAndSet(before, admission.state())) {
        return admission
            .permit()
            .map(permit -> new BreakerPermit(this, permit, again))
            .orElse(null);
      }
    }
  }

  /**
   * Returns the number of distinct users of the last ten minutes, as far as they are told apart.
   */
  int usersLately() {
    return users.count(nowMillis());
  }

  /** Tells whether it has opened since an attempt was admitted, and not as a trial. */
  boolean openedSince(Permit permit) {
    return !permit.trial() && permit.generation() != state.get().generation();
  }

  /** Takes the result of an admitted attempt; a late one changes nothing. */
  void result(Permit permit, BreakerResult result) {
    while (true) {
      BreakerState before = state.get();
      BreakerState after = machine.result(before, permit, result, nowMillis());
      if (after == before) {
        return;
      }
      if (state.compareAndSet(before, after)) {
        follow(before, after);
        return;
      }
    }
  }

  /** Returns the kinds of its latest failures, so many of them, for people; empty = none. */
  String lastFailures(int count) {
    return failures.last(count);
  }

  /**
   * Takes note of how an attempt failed, and of whether the provider answers 429.
   *
   * @param again whether the same exchange has failed here already, which then counts once
   */
  void heard(Outcome outcome, boolean again) {
    if (outcome.breaker() == BreakerResult.FAILURE) {
      if (!again) {
        failures.add(outcome);
      }
    } else if (!succeeded && outcome.breaker() == BreakerResult.SUCCESS) {
      succeeded = true;
    }
    if (Meaning.THROTTLED.isOf(outcome)) {
      throttledMillis = nowMillis();
    } else if (throttledMillis != NEVER && outcome.breaker() == BreakerResult.SUCCESS) {
      throttledMillis = NEVER;
    }
  }

  /** Returns whether an attempt has succeeded since the process began, or it moved last. */
  boolean hasSucceeded() {
    return succeeded;
  }

  /** Returns whether the change that is being told is that the provider has moved. */
  boolean isRenewing() {
    return renewing;
  }

  /** Returns whether it answered 429 within the last second, and no attempt has succeeded since. */
  public boolean throttledLately() {
    long at = throttledMillis;
    return at != NEVER && nowMillis() - at < THROTTLED_MILLIS;
  }

  private static long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private void follow(BreakerState before, BreakerState after) {
    if (before.getClass() != after.getClass()) {
      home.runOnContext(turn -> settle());
    }
  }

  /** Follows the state of now, on the home context; turns may have been overtaken. */
  private void settle() {
    BreakerState now = state.get();
    if (now instanceof BreakerState.Open open) {
      open(open);
    }
    listener.accept(provider, now);
  }

  /**
   * Opens a Vert.x breaker of its own for each time: the timer of one cannot be stopped, and an
   * older one would end the newer time early.
   */
  private void open(BreakerState.Open state) {
    CircuitBreakerOptions options = new CircuitBreakerOptions().setResetTimeout(state.waitMillis());
    CircuitBreaker.create("rollout-" + provider.label(), vertx, options)
        .halfOpenHandler(elapsed -> halfOpen(state.generation()))
        .open();
  }

  private void halfOpen(long generation) {
    BreakerState before = state.getAndUpdate(now -> machine.halfOpen(now, generation));
    if (before.generation() == generation) {
      listener.accept(provider, machine.halfOpen(before, generation));
    }
  }
}
