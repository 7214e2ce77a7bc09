package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomeTest {
  /** The design's table "What a provider's answer means", and what it leaves open. */
  static Stream<Arguments> table() {
    return Stream.of(
        row(Meaning.COMPLETE.outcome(), "complete", "SUCCESS SUCCESS RELAY"),
        row(Meaning.WORDLESS.outcome(), "empty", "SUCCESS SUCCESS RELAY"),
        row(Meaning.EMPTY_ANSWER.outcome(), "empty_answer", "ERROR FAILURE FAIL_OVER"),
        row(Meaning.MALFORMED_ANSWER.outcome(), "malformed_answer", "ERROR FAILURE FAIL_OVER"),
        row(Meaning.TRANSIENT_STATUS.outcome(503), "status_503", "ERROR FAILURE RETRY"),
        row(Meaning.SERVER_ERROR.outcome(501), "server_error", "ERROR FAILURE FAIL_OVER"),
        row(
            Meaning.CREDENTIAL_REFUSED.outcome(401),
            "credential_refused",
            "ERROR FAILURE FAIL_OVER"),
        row(Meaning.THROTTLED.outcome(), "throttled", "NEUTRAL NEUTRAL RETRY_ON_HINT"),
        row(Meaning.CONTENT_FILTERED.outcome(), "content_filter", "NEUTRAL NEUTRAL RELAY"),
        row(Meaning.NOT_FOUND.outcome(), "not_found", "CALLER SUCCESS RELAY"),
        row(Meaning.CALLER_ERROR.outcome(422), "caller_error", "CALLER SUCCESS RELAY"),
        row(unreachable(UnreachableCause.TLS), "tls", "ERROR FAILURE RETRY"),
        row(unreachable(UnreachableCause.OTHER), "other", "ERROR FAILURE RETRY"),
        row(unreachable(UnreachableCause.POOL_FULL), "pool_full", "NEUTRAL NEUTRAL FAIL_OVER"),
        row(Meaning.RESET.outcome(), "reset", "ERROR FAILURE RETRY"),
        row(Meaning.TRUNCATED.outcome(), "truncated", "ERROR FAILURE RETRY"),
        row(Meaning.ERROR_EVENT.outcome(), "error_event", "ERROR FAILURE RETRY"),
        row(Meaning.INCOMPLETE.outcome(), "stream_incomplete", "ERROR FAILURE RETRY"),
        row(Meaning.JUNK.outcome(), "junk", "ERROR FAILURE RETRY"),
        row(Meaning.FIRST_CONTENT.outcome(), "first_content_timeout", "ERROR FAILURE FAIL_OVER"),
        row(Meaning.IDLE.outcome(), "idle_timeout", "ERROR FAILURE FAIL_OVER"),
        row(Meaning.STREAM.outcome(), "stream_timeout", "ERROR NEUTRAL STOP"),
        row(Meaning.PROBE_DOWN.outcome(), "probe_down", "ERROR FAILURE FAIL_OVER"),
        row(Meaning.BREAKER_OPEN.outcome(), "breaker_open", "NOBODY NEUTRAL FAIL_OVER"),
        row(Meaning.OPTION_REFUSED.outcome(), "option_refused", "NOBODY NEUTRAL RELAY"),
        row(Meaning.CLIENT_GONE.outcome(), "client_gone", "NOBODY NEUTRAL STOP"));
  }

  private static Arguments row(Outcome outcome, String label, String columns) {
    return Arguments.of(outcome, label, columns);
  }

  private static Outcome unreachable(UnreachableCause cause) {
    return Outcome.unreachable(cause);
  }

  @ParameterizedTest
  @MethodSource("table")
  void meansWhatTheTableSays(Outcome outcome, String label, String columns) {
    assertThat(outcome.label()).isEqualTo(label);
    assertThat(outcome.judge() + " " + outcome.breaker() + " " + outcome.next()).isEqualTo(columns);
  }

  @Test
  void hasEveryVariantInTheTable() {
    Stream<Meaning> tested = table().map(row -> ((Outcome) row.get()[0]).meaning());
    assertThat(tested.distinct()).containsExactlyInAnyOrder(Meaning.values());
  }

  @Test
  void onlyTheFirstContentDeadlineIsSlowByItself() {
    Stream<Outcome> slow = table().map(row -> (Outcome) row.get()[0]).filter(Outcome::slow);
    assertThat(slow).containsExactly(Meaning.FIRST_CONTENT.outcome());
  }

  @Test
  void aTransientFailureIsAlwaysAFailureOfTheProvider() {
    assertThat(Arrays.stream(Meaning.values()).filter(meaning -> meaning.next() == Next.RETRY))
        .allMatch(meaning -> meaning.judge() == Judgement.ERROR)
        .allMatch(meaning -> meaning.breaker() == BreakerResult.FAILURE);
  }
}
