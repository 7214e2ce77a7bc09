package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.outcome.Outcome.BreakerOpen;
import com.huntaze.rollout.outcome.Outcome.CallerError;
import com.huntaze.rollout.outcome.Outcome.ClientGone;
import com.huntaze.rollout.outcome.Outcome.Complete;
import com.huntaze.rollout.outcome.Outcome.ContentFiltered;
import com.huntaze.rollout.outcome.Outcome.CredentialRefused;
import com.huntaze.rollout.outcome.Outcome.EmptyAnswer;
import com.huntaze.rollout.outcome.Outcome.ErrorEvent;
import com.huntaze.rollout.outcome.Outcome.FirstContentTimeout;
import com.huntaze.rollout.outcome.Outcome.IdleTimeout;
import com.huntaze.rollout.outcome.Outcome.Incomplete;
import com.huntaze.rollout.outcome.Outcome.MalformedAnswer;
import com.huntaze.rollout.outcome.Outcome.NotFound;
import com.huntaze.rollout.outcome.Outcome.ProbeDown;
import com.huntaze.rollout.outcome.Outcome.Reset;
import com.huntaze.rollout.outcome.Outcome.ServerError;
import com.huntaze.rollout.outcome.Outcome.StreamTimeout;
import com.huntaze.rollout.outcome.Outcome.Throttled;
import com.huntaze.rollout.outcome.Outcome.TransientStatus;
import com.huntaze.rollout.outcome.Outcome.Truncated;
import com.huntaze.rollout.outcome.Outcome.Unreachable;
import com.huntaze.rollout.outcome.Outcome.UpstreamJunk;
import com.huntaze.rollout.outcome.Outcome.Wordless;
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
        row(new Complete(), "complete", "SUCCESS SUCCESS RELAY"),
        row(new Wordless(), "empty", "SUCCESS SUCCESS RELAY"),
        row(new EmptyAnswer(), "empty_answer", "ERROR FAILURE FAIL_OVER"),
        row(new MalformedAnswer(), "malformed_answer", "ERROR FAILURE FAIL_OVER"),
        row(new TransientStatus(503), "status_503", "ERROR FAILURE RETRY"),
        row(new ServerError(501), "server_error", "ERROR FAILURE FAIL_OVER"),
        row(new CredentialRefused(401), "credential_refused", "ERROR FAILURE FAIL_OVER"),
        row(new Throttled(), "throttled", "NEUTRAL NEUTRAL RETRY_ON_HINT"),
        row(new ContentFiltered(), "content_filter", "NEUTRAL NEUTRAL RELAY"),
        row(new NotFound(), "not_found", "CALLER SUCCESS RELAY"),
        row(new CallerError(422), "caller_error", "CALLER SUCCESS RELAY"),
        row(unreachable(UnreachableCause.TLS), "tls", "ERROR FAILURE RETRY"),
        row(unreachable(UnreachableCause.OTHER), "other", "ERROR FAILURE RETRY"),
        row(unreachable(UnreachableCause.POOL_FULL), "pool_full", "NEUTRAL NEUTRAL FAIL_OVER"),
        row(new Reset(), "reset", "ERROR FAILURE RETRY"),
        row(new Truncated(), "truncated", "ERROR FAILURE RETRY"),
        row(new ErrorEvent(), "error_event", "ERROR FAILURE RETRY"),
        row(new Incomplete(true), "stream_incomplete", "ERROR FAILURE RETRY"),
        row(new Incomplete(false), "complete", "SUCCESS SUCCESS RELAY"),
        row(new UpstreamJunk(), "junk", "ERROR FAILURE RETRY"),
        row(new FirstContentTimeout(), "first_content_timeout", "ERROR FAILURE FAIL_OVER"),
        row(new IdleTimeout(), "idle_timeout", "ERROR FAILURE FAIL_OVER"),
        row(new StreamTimeout(), "stream_timeout", "ERROR NEUTRAL STOP"),
        row(new ProbeDown(), "probe_down", "ERROR FAILURE FAIL_OVER"),
        row(new BreakerOpen(), "breaker_open", "NOBODY NEUTRAL FAIL_OVER"),
        row(new Outcome.OptionRefused(), "option_refused", "NOBODY NEUTRAL RELAY"),
        row(new ClientGone(), "client_gone", "NOBODY NEUTRAL STOP"));
  }

  private static Arguments row(Outcome outcome, String label, String columns) {
    return Arguments.of(outcome, label, columns);
  }

  private static Outcome unreachable(UnreachableCause cause) {
    return new Unreachable(cause);
  }

  @ParameterizedTest
  @MethodSource("table")
  void meansWhatTheTableSays(Outcome outcome, String label, String columns) {
    assertThat(outcome.label()).isEqualTo(label);
    assertThat(outcome.judge() + " " + outcome.breaker() + " " + outcome.next()).isEqualTo(columns);
  }

  @Test
  void hasEveryVariantInTheTable() {
    Stream<Class<?>> tested = table().map(row -> row.get()[0].getClass());
    assertThat(tested.distinct()).containsExactlyInAnyOrder(Outcome.class.getPermittedSubclasses());
  }

  @Test
  void onlyTheFirstContentDeadlineIsSlowByItself() {
    Stream<Outcome> slow = table().map(row -> (Outcome) row.get()[0]).filter(Outcome::slow);
    assertThat(slow).containsExactly(new FirstContentTimeout());
  }

  @Test
  void aTransientFailureIsAlwaysAFailureOfTheProvider() {
    assertThat(Arrays.stream(Meaning.values()).filter(meaning -> meaning.next() == Next.RETRY))
        .allMatch(meaning -> meaning.judge() == Judgement.ERROR)
        .allMatch(meaning -> meaning.breaker() == BreakerResult.FAILURE);
  }
}
