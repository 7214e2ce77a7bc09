package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.Admission;
import com.huntaze.rollout.failover.BreakerMachine;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.Permit;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.BreakerResult;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * One provider's circuit breaker (seed Property 8; requirements 6.4 and 6.5).
 *
 * <p>{@link BreakerMachine} decides, on a state that every event loop changes by compare-and-set,
 * so that a request costs one volatile read while the breaker is closed and is refused at once when
 * it is not. The Vert.x breaker follows on its own context: it carries the timer of the open state,
 * the place of the trial and the notifications. That context outlives every proxy verticle, because
 * the timer dies with the context that it was started on.
 */
public final class ProviderBreaker {
  private static final long NEVER = Long.MIN_VALUE;
  private static final long THROTTLED_MILLIS = 1_000;

  private final Provider provider;
  private final Context home;
  private final BiConsumer<Provider, BreakerState> listener;
  private final AtomicReference<BreakerState> state;
  private final Vertx vertx;
  private volatile BreakerMachine machine;
  private volatile long throttledMillis = NEVER;
  private CircuitBreakerSettings settings;
  private CircuitBreaker breaker;

  /** The generation of the open state that {@link #breaker} was opened for. */
  private long openedFor = NEVER;

  private Promise<Void> trial;

  /**
   * @param home the context that the Vert.x breaker lives on; this is called on it
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
    breaker = breaker(NEVER);
  }

  /** A closed Vert.x breaker by the settings of now, for one time of being open. */
  private CircuitBreaker breaker(long generation) {
    CircuitBreakerOptions options =
        new CircuitBreakerOptions()
            // It never counts by itself: it is opened and closed by the machine's decisions.
            .setMaxFailures(Integer.MAX_VALUE)
            .setTimeout(-1)
            .setResetTimeout(settings.resetTimeout().toMillis());
    CircuitBreaker made = CircuitBreaker.create("rollout-" + provider.label(), vertx, options);
    made.halfOpenHandler(elapsed -> halfOpen(generation));
    return made;
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
      BreakerState before = state.getAndUpdate(machine::renewed);
      if (!(before instanceof BreakerState.Closed)) {
        settle();
      }
    }
  }

  /** The state in force. */
  public BreakerState state() {
    return state.get();
  }

  /** Returns whether no attempt would be admitted now that another provider could make. */
  boolean open() {
    return state.get() instanceof BreakerState.Open;
  }

  /**
   * The right to make an attempt; {@code null} when it is refused.
   *
   * @param standing whether another provider could answer instead
   */
  BreakerPermit admit(Standing standing) {
    while (true) {
      BreakerState before = state.get();
      Admission admission = machine.admit(before, standing, nowMillis());
      if (admission.state() == before || state.compareAndSet(before, admission.state())) {
        return admission.permit().map(permit -> new BreakerPermit(this, permit)).orElse(null);
      }
    }
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

  /** Takes note of whether the provider answers 429. */
  void heard(Outcome outcome) {
    if (outcome instanceof Outcome.Throttled) {
      throttledMillis = nowMillis();
    } else if (throttledMillis != NEVER && outcome.breaker() == BreakerResult.SUCCESS) {
      throttledMillis = NEVER;
    }
  }

  /** Returns whether it answered 429 within the last second, and no attempt has succeeded since. */
  boolean throttledLately() {
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

  /** Brings the Vert.x breaker to where the machine is by now; turns may have been overtaken. */
  private void settle() {
    BreakerState now = state.get();
    if (now instanceof BreakerState.Open) {
      freeTrial(false);
      open(now.generation());
    } else if (now instanceof BreakerState.Closed) {
      freeTrial(true);
      close();
      breaker = breaker(NEVER);
    } else if (!(now instanceof BreakerState.HalfOpen)) {
      throw new AssertionError(now);
    }
    listener.accept(provider, now);
  }

  /**
   * Opens a Vert.x breaker of its own for each time, once. The timer of an older one cannot be
   * stopped, and would end the newer time early.
   */
  private void open(long generation) {
    if (openedFor != generation) {
      openedFor = generation;
      close();
      breaker = breaker(generation);
      breaker.open();
    }
  }

  private void halfOpen(long generation) {
    BreakerState before = state.get();
    BreakerState after = machine.halfOpen(before, generation);
    while (after != before && !state.compareAndSet(before, after)) {
      before = state.get();
      after = machine.halfOpen(before, generation);
    }
    if (after != before) {
      // The Vert.x breaker lets one operation through: it stands for our trials until one counts.
      breaker.<Void>execute(place -> trial = place);
      listener.accept(provider, after);
    }
  }

  private void freeTrial(boolean success) {
    if (trial == null) {
      return;
    }
    if (success) {
      trial.complete();
    } else {
      trial.fail("the trial failed");
    }
    trial = null;
  }

  void close() {
    breaker.close();
  }
}
