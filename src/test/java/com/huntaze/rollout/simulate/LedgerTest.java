package com.huntaze.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void aConditionThatHoldsIsAnsweredAtOnce() {
    assertThat(ledger.when(now -> now.received() == 0).succeeded()).isTrue();
  }

  @Test
  void aConditionIsAnsweredByTheChangeThatMeetsIt() {
    Future<LedgerSnapshot> twoAborted = ledger.when(now -> now.aborted() == 2);
    ledger.received();
    ledger.received();
    ledger.aborted();
    assertThat(twoAborted.isComplete()).isFalse();

    ledger.aborted();
    ledger.received();

    assertThat(twoAborted.result().aborted()).isEqualTo(2);
    assertThat(twoAborted.result().received()).isEqualTo(2);
  }

  @Test
  void whatIsNeitherCompletedNorAbortedIsOpen() {
    ledger.received();
    ledger.received();
    ledger.received();
    ledger.completed();
    ledger.aborted();

    assertThat(ledger.snapshot().openRequests()).isEqualTo(1);
  }
}
