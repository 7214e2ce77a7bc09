package com.huntaze.rollout.store;

import com.huntaze.rollout.lease.Lease;
import com.huntaze.rollout.lease.LeaseMachine;
import com.huntaze.rollout.lease.LeaseRecord;
import com.huntaze.rollout.lease.LeaseTimes;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease in a place that the replicas have in common. It beats and looks on a thread of its own:
 * a disk that takes long over the state's writes does not keep it from that.
 */
final class BeatingLease implements Lease {
  private static final Logger log = LoggerFactory.getLogger(BeatingLease.class);

  /** The usual time between two turns. */
  static final long LOOK_MILLIS = 200;

  /** The same where a look costs nothing. */
  static final long OFTEN_MILLIS = 50;

  /** A read of the largest term that was written by anybody, lease or not. */
  interface Floor {
    long term() throws IOException;
  }

  private final LeasePlace place;
  private final LeaseLock lock;
  private final LongSupplier millis;
  private final Floor floor;
  private final long every;
  private volatile LeaseMachine machine;
  private volatile Runnable heard = () -> {};
  private Standing told = new Standing(false, 0, "");
  private ScheduledExecutorService thread;
  private volatile boolean begun;
  private boolean closed;
  private boolean blind;

  /**
   * @param holder who this replica is, another for each start
   * @param millis the monotonic clock
   * @param every milliseconds between two turns of its own thread; 0 = the caller takes them
   */
  BeatingLease(
      LeaseTimes times,
      String holder,
      LeasePlace place,
      LeaseLock lock,
      Floor floor,
      LongSupplier millis,
      long every) {
    this.every = every;
    this.machine = LeaseMachine.of(times, holder);
    this.place = place;
    this.lock = lock;
    this.floor = floor;
    this.millis = millis;
  }

  @Override
  public void begin() throws IOException {
    if (begun) {
      // The thread may be waiting for the directory: the store need not.
      return;
    }
    synchronized (this) {
      if (begun || closed) {
        return;
      }
      look();
      begun = true;
      if (every > 0) {
        start();
      }
    }
  }

  private void start() {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread daemon = new Thread(work, "rollout-lease");
              daemon.setDaemon(true);
              return daemon;
            });
    thread.scheduleWithFixedDelay(this::turn, every, every, TimeUnit.MILLISECONDS);
  }

  /** One turn, as the thread takes it; never fails. */
  void turn() {
    boolean changed;
    synchronized (this) {
      if (closed) {
        return;
      }
      try {
        look();
        blind = false;
      } catch (IOException | RuntimeException failure) {
        blinded(failure);
      }
      Standing now = standing();
      changed = now.holds() != told.holds() || now.term() != told.term();
      told = now;
    }
    if (changed) {
      heard.run();
    }
  }

  private void blinded(Exception failure) {
    if (!blind) {
      log.warn("The lease cannot be looked at or renewed: {}", failure.toString());
    }
    blind = true;
    LeaseMachine.Step step = machine.blind(millis.getAsLong());
    machine = step.next();
    if (step.verdict() == LeaseMachine.Verdict.STOP) {
      releaseQuietly();
    }
  }

  private void look() throws IOException {
    LeaseRecord record = place.read();
    LeaseRecord known = machine.noticed(record, 0).seen();
    boolean gone = machine.own() == null && known != null && lock.isGone(known.term());
    // The clock is read after the record: a challenger counts from when it has seen a beat.
    LeaseMachine.Step step = machine.step(record, gone, millis.getAsLong());
    machine = step.next();
    switch (step.verdict()) {
      case BEAT -> beat();
      case TRY -> take();
      case STOP -> lock.release();
      case HOLD, WAIT -> {}
      default -> throw new AssertionError(step.verdict());
    }
  }

  private void beat() throws IOException {
    long began = millis.getAsLong();
    if (!lock.kept() && !lock.take(machine.term())) {
      machine = machine.stopped();
      return;
    }
    LeaseRecord next = machine.own().next();
    // Each try is another beat: one that failed may have been seen.
    machine = machine.writes(next);
    // A beat that is lost to a power cut costs nothing: its term is durable in the claim.
    place.show(next, false);
    machine = machine.wrote(next, began);
  }

  /**
   * Tries to lead. All who have found the same holder to lead no more try for the same term, which
   * one of them gets.
   */
  private void take() throws IOException {
    if (!place.mayTry()) {
      return;
    }
    long began = millis.getAsLong();
    long claimed = place.highestClaim();
    if (claimed > machine.highest()) {
      awaits(claimed);
      return;
    }
    LeaseRecord first = machine.candidate(0);
    boolean taken = false;
    try {
      if (!lock.take(first.term())) {
        return;
      }
      // Nobody without a lease writes any more: what such a one has written last is known.
      long written = floor.term();
      if (written >= first.term()) {
        lock.release();
        first = machine.candidate(written);
        if (!lock.take(first.term())) {
          return;
        }
      }
      taken = claim(first, began);
    } finally {
      if (!taken) {
        lock.release();
      }
    }
  }

  /** Somebody has this term, and may not have shown it yet: it gets a whole lease for that. */
  private void awaits(long term) {
    machine = machine.noticed(new LeaseRecord(term, "", 0, false), millis.getAsLong());
  }

  private boolean claim(LeaseRecord first, long began) throws IOException {
    if (!place.claim(first)) {
      awaits(first.term());
      return false;
    }
    LeaseMachine again = machine.noticed(place.read(), millis.getAsLong());
    if (again != machine) {
      // Whoever was found to lead no more has woken, or somebody leads by now.
      machine = again;
      return false;
    }
    place.show(first, true);
    machine = machine.wrote(first, began);
    place.tidy(first);
    return true;
  }

  @Override
  public Standing standing() {
    LeaseMachine now = machine;
    boolean holds = now.holds(millis.getAsLong());
    LeaseRecord seen = now.seen();
    String holder = seen == null || seen.ended() ? "" : seen.holder();
    return new Standing(holds, holds ? now.term() : 0, holder);
  }

  @Override
  public void confirm(long term) throws IOException {
    LeaseRecord seen = place.confirmed(term);
    Standing now = standing();
    boolean overtaken = seen == null || seen.term() > term;
    if (!now.holds() || now.term() != term || overtaken) {
      throw new IOException(
          "another replica leads, or may (lease: term %s, ours: %d)"
              .formatted(seen == null ? "none" : seen.term(), term));
    }
  }

  @Override
  public void giveUp(long term) {
    synchronized (this) {
      if (machine.term() == term) {
        machine = machine.stopped();
        releaseQuietly();
      }
    }
  }

  @Override
  public void onChange(Runnable listener) {
    heard = listener;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (thread != null) {
        thread.shutdown();
      }
      LeaseMachine last = machine;
      boolean held = last.holds(millis.getAsLong());
      machine = last.stopped();
      try {
        // Told to the others only by who still leads: a later lead is not to be ended.
        LeaseRecord seen = place.read();
        if (held && seen != null && seen.term() <= last.term()) {
          place.show(last.own().end(), true);
        }
      } catch (IOException unseen) {
        log.debug("The lease ends by itself: {}", unseen.toString());
      }
      try {
        lock.close();
      } catch (IOException closing) {
        log.debug("The lock is not closed: {}", closing.toString());
      }
    }
  }

  private void releaseQuietly() {
    try {
      lock.release();
    } catch (IOException kept) {
      log.debug("The lock is not given back: {}", kept.toString());
    }
  }
}
