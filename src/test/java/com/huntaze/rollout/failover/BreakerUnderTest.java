package com.huntaze.rollout.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.failover.BreakerState.Closed;
import com.huntaze.rollout.failover.BreakerState.HalfOpen;
import com.huntaze.rollout.failover.BreakerState.Open;
import com.huntaze.rollout.outcome.BreakerResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The machine beside a plain model of it. The model knows no generations: it counts only results of
 * attempts that began in the period which still lasts, and remembers the trials by identity.
 */
final class BreakerUnderTest {
  static final CircuitBreakerSettings SETTINGS =
      new CircuitBreakerSettings(3, Duration.ofSeconds(30));

  private enum Kind {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /** An attempt under way, and the model's period in which it was admitted. */
  private record Attempt(Permit permit, int period, long user, boolean again) {}

  private final BreakerMachine machine = new BreakerMachine(SETTINGS);
  private final List<Attempt> underWay = new ArrayList<>();
  private BreakerState state = machine.initial();
  private long now;

  private Kind kind = Kind.CLOSED;
  private int period;
  private int failures;
  private final List<Attempt> trials = new ArrayList<>();
  private int share = 16;
  private long lastTrial = -10_000;
  private final Set<Long> failed = new LinkedHashSet<>();
  private long trialsFrom;

  /** Users of the last results while closed; {@code null} = a success. */
  private final List<Long> results = new ArrayList<>();

  private final Set<Long> failedBefore = new LinkedHashSet<>();

  BreakerUnderTest elapse(int millis) {
    now += millis;
    return this;
  }

  BreakerUnderTest admit(Asking asking) {
    now++;
    boolean expected = expected(asking);
    Admission admission = machine.admit(state, asking, now);
    state = admission.state();
    assertThat(admission.permit().isPresent()).as(asking + " at " + this).isEqualTo(expected);
    admission.permit().ifPresent(permit -> begin(permit, asking));
    return agree();
  }

  private boolean expected(Asking asking) {
    Standing standing = asking.standing();
    if (kind == Kind.CLOSED) {
      return true;
    }
    boolean hasFailed = failed.contains(asking.user()) || failedBefore.contains(asking.user());
    boolean ofThose = hasFailed && asking.others();
    boolean waits = now - trialsFrom < SETTINGS.resetTimeout().toMillis();
    if (kind == Kind.HALF_OPEN && standing == Standing.REPLACEABLE && ofThose && waits) {
      return false;
    }
    long rested = now - lastTrial;
    return switch (standing) {
      case REPLACEABLE -> kind == Kind.HALF_OPEN && trials.isEmpty();
      case SECOND_CHANCE -> trials.isEmpty() && (kind == Kind.HALF_OPEN || rested >= 100);
      case LAST_RESORT -> trials.size() < share || rested >= 1_000;
    };
  }

  private void begin(Permit permit, Asking asking) {
    Attempt attempt = new Attempt(permit, period, asking.user(), asking.again());
    underWay.add(attempt);
    if (kind != Kind.CLOSED) {
      trials.add(attempt);
      lastTrial = now;
    }
  }

  BreakerUnderTest finish(int pick, BreakerResult result) {
    now++;
    if (underWay.isEmpty()) {
      return this;
    }
    Attempt attempt = underWay.remove(pick % underWay.size());
    state = machine.result(state, attempt.permit(), result, now);
    if (trials.remove(attempt)) {
      finishTrial(attempt, result);
    } else if (kind == Kind.CLOSED && attempt.period() == period) {
      count(attempt, result);
    }
    return agree();
  }

  private void finishTrial(Attempt attempt, BreakerResult result) {
    if (result == BreakerResult.SUCCESS) {
      share = Math.min(16, 2 * share);
      failed.clear();
      enter(Kind.CLOSED);
    } else if (kind == Kind.OPEN) {
      share = result == BreakerResult.FAILURE ? Math.max(1, share / 2) : share;
    } else if (result == BreakerResult.FAILURE) {
      blame(attempt.user());
      enter(Kind.OPEN);
    } else if (trials.isEmpty()) {
      lastTrial = -10_000;
    }
  }

  private void count(Attempt attempt, BreakerResult result) {
    if (result == BreakerResult.SUCCESS) {
      results.add(null);
      failures = 0;
      failed.clear();
      share = Math.min(16, 2 * share);
    } else if (result == BreakerResult.FAILURE && !attempt.again()) {
      blame(attempt.user());
      results.add(attempt.user());
      if (++failures == SETTINGS.maxFailures()) {
        blameEarlier();
        enter(Kind.OPEN);
      }
    }
  }

  /** Of the twenty last results, those before the failures that open it; who fails most, first. */
  private void blameEarlier() {
    int to = results.size() - failures;
    List<Long> before =
        results.subList(Math.max(0, results.size() - RecentResults.MANY), to).stream()
            .filter(Objects::nonNull)
            .toList();
    failedBefore.clear();
    before.stream()
        .distinct()
        .sorted(Comparator.comparing((Long user) -> -Collections.frequency(before, user)))
        .limit(FailedUsers.MOST)
        .forEach(failedBefore::add);
  }

  private void blame(long user) {
    if (failed.size() < FailedUsers.MOST) {
      failed.add(user);
    }
  }

  BreakerUnderTest elapse(boolean current) {
    now++;
    state = machine.halfOpen(state, state.generation() - (current ? 0 : 1));
    if (current && kind == Kind.OPEN) {
      enter(Kind.HALF_OPEN);
    }
    return agree();
  }

  private void enter(Kind next) {
    kind = next;
    period++;
    failures = 0;
    trials.clear();
    results.clear();
    lastTrial = -10_000;
    if (next == Kind.OPEN) {
      trialsFrom = now + SETTINGS.resetTimeout().toMillis();
    }
  }

  private BreakerUnderTest agree() {
    assertThat(state.users().count()).isEqualTo(failed.size());
    assertThat(failed).allMatch(state.users()::contains);
    if (kind == Kind.CLOSED) {
      assertThat(state).isInstanceOfSatisfying(Closed.class, this::agreeOnFailures);
    } else if (kind == Kind.OPEN) {
      assertThat(state).isInstanceOf(Open.class);
    } else {
      boolean taken = !trials.isEmpty();
      assertThat(state)
          .isInstanceOfSatisfying(
              HalfOpen.class, halfOpen -> assertThat(halfOpen.trialTaken()).isEqualTo(taken));
    }
    return this;
  }

  private void agreeOnFailures(Closed closed) {
    assertThat(closed.failures()).isEqualTo(failures);
  }

  @Override
  public String toString() {
    return kind + " " + state;
  }
}
