package com.huntaze.rollout.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.BreakerState.Closed;
import com.huntaze.rollout.failover.BreakerState.HalfOpen;
import com.huntaze.rollout.failover.BreakerState.Open;
import com.huntaze.rollout.failover.EarlierFailures;
import com.huntaze.rollout.failover.FailedUsers;
import com.huntaze.rollout.failover.Trials;
import com.huntaze.rollout.provider.Provider;
import org.junit.jupiter.api.Test;

class BreakerAlertsTest {
  private static final BreakerAlerts.Failures FAILURES =
      new BreakerAlerts.Failures(5, "5 answers 503", ", legacy's is closed", false);

  private static String sentence(Provider provider, BreakerState before, BreakerState now) {
    return BreakerAlerts.of(provider, before, now, FAILURES).map(Alert::sentence).orElse("");
  }

  @Test
  void tellsTheWaitOfThisOpeningAndNotTheLongest() {
    Open open = new Open(1, 100, 1_100);
    assertThat(sentence(Provider.FOUNDRY, new Closed(0, 4), open))
        .isEqualTo(
            "Circuit breaker of foundry is open, 5 requests in a row have failed (5 answers 503),"
                + " legacy's is closed: nothing is sent to it for 1 s while legacy can answer");
  }

  @Test
  void tellsTheLongerWaitAfterAFailedTrial() {
    Open open = new Open(3, 1_200, 3_200);
    assertThat(sentence(Provider.FOUNDRY, new HalfOpen(2, true), open))
        .isEqualTo(
            "Circuit breaker of foundry is open, its trial has failed (5 answers 503), legacy's is"
                + " closed: nothing is sent to it for 2 s while legacy can answer");
  }

  /** Nobody has tried anything: another address was configured, or its name leads elsewhere. */
  @Test
  void aProviderThatHasMovedHasNotSucceeded() {
    BreakerAlerts.Failures moved = new BreakerAlerts.Failures(5, "", "", true);
    assertThat(
            BreakerAlerts.of(Provider.FOUNDRY, opened(FailedUsers.NONE), new Closed(2, 0), moved))
        .map(Alert::sentence)
        .contains(
            "Circuit breaker of foundry is closed: foundry is at another address now, where nothing"
                + " has been asked yet, requests pass.");
    assertThat(sentence(Provider.FOUNDRY, new HalfOpen(2, true), new Closed(3, 0)))
        .isEqualTo("Circuit breaker of foundry is closed: a trial has succeeded, requests pass.");
  }

  @Test
  void tellsHowManyUsersFeltIt() {
    FailedUsers two = FailedUsers.NONE.with(7).with(8);
    assertThat(sentence(Provider.FOUNDRY, new Closed(0, 4), opened(two)))
        .contains("have failed (5 answers 503), of 2 users, legacy's is closed: ");
    FailedUsers many = FailedUsers.NONE;
    for (int user = 1; user <= 20; user++) {
      many = many.with(user);
    }
    assertThat(sentence(Provider.FOUNDRY, new Closed(0, 4), opened(many)))
        .contains(", of at least 8 users, ");
  }

  private static Open opened(FailedUsers users) {
    return new Open(
        1,
        100,
        1_100,
        new Trials(0, Trials.FULL_SHARE, Trials.NEVER),
        0,
        users,
        EarlierFailures.NONE);
  }

  @Test
  void tellsOfNoWaitWhereNobodyElseCanAnswer() {
    assertThat(sentence(Provider.LEGACY, new Closed(0, 4), new Open(1, 100, 1_100)))
        .endsWith("only a few requests at a time are sent to it until one succeeds");
  }

  @Test
  void aStateThatIsToldTwiceIsOneAlert() {
    assertThat(sentence(Provider.FOUNDRY, new Open(1, 100, 1_100), new Open(3, 200, 1_200)))
        .isEmpty();
  }
}
