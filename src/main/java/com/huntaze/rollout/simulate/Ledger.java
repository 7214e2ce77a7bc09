package com.huntaze.rollout.simulate;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Counts what a simulated backend sees. Its event loop writes, any thread reads, and a test can
 * wait for a count instead of sleeping.
 */
public final class Ledger {
  private record Waiter(Predicate<LedgerSnapshot> condition, Promise<LedgerSnapshot> promise) {}

  private final AtomicReference<LedgerSnapshot> current =
      new AtomicReference<>(LedgerSnapshot.EMPTY);
  private final List<Waiter> waiters = new CopyOnWriteArrayList<>();

  Ledger() {}

  /** The counts now. */
  public LedgerSnapshot snapshot() {
    return current.get();
  }

  /**
   * Completes with the first counts that meet the condition, at once if they do now. It never fails
   * by itself: give it a timeout.
   */
  public Future<LedgerSnapshot> when(Predicate<LedgerSnapshot> condition) {
    Waiter waiter = new Waiter(condition, Promise.promise());
    waiters.add(waiter);
    // After adding: a change in between is then seen here or by the writer, never by neither.
    tell(waiter, current.get());
    return waiter.promise.future();
  }

  void received() {
    change(LedgerSnapshot::plusReceived);
  }

  void completed() {
    change(LedgerSnapshot::plusCompleted);
  }

  void aborted() {
    change(LedgerSnapshot::plusAborted);
  }

  void connectionOpened() {
    change(LedgerSnapshot::plusConnection);
  }

  void connectionClosed() {
    change(LedgerSnapshot::minusConnection);
  }

  private void change(UnaryOperator<LedgerSnapshot> step) {
    LedgerSnapshot changed = current.updateAndGet(step);
    for (Waiter waiter : waiters) {
      tell(waiter, changed);
    }
  }

  private void tell(Waiter waiter, LedgerSnapshot snapshot) {
    if (waiter.condition.test(snapshot) && waiters.remove(waiter)) {
      waiter.promise.tryComplete(snapshot);
    }
  }
}
