package com.huntaze.rollout.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.OutcomeClassifier;
import com.huntaze.rollout.outcome.UnreachableCause;
import org.junit.jupiter.api.Test;

class LastFailuresTest {
  private final LastFailures failures = new LastFailures();

  private static Outcome answered(int status) {
    return OutcomeClassifier.ofStatus(status, false);
  }

  @Test
  void countsTheLastOnesByTheirKind() {
    assertThat(failures.last(5)).isEmpty();
    failures.add(Outcome.unreachable(UnreachableCause.CONNECT_REFUSED));
    failures.add(answered(500));
    for (int i = 0; i < 4; i++) {
      failures.add(answered(503));
    }
    assertThat(failures.last(5)).isEqualTo("4 answers 503, 1 answer 500");
    assertThat(failures.last(100)).isEqualTo("4 answers 503, 1 connect_refused, 1 answer 500");
  }

  @Test
  void remembersNoMoreThanItHasRoomFor() {
    for (int i = 0; i < 1_000; i++) {
      failures.add(answered(500));
    }
    assertThat(failures.last(1_000)).isEqualTo("64 answers 500");
  }
}
