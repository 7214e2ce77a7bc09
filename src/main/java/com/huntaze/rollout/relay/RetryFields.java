package com.huntaze.rollout.relay;

import com.huntaze.rollout.exchange.ExchangeState;
import com.huntaze.rollout.http.HeaderNames;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.OptionalLong;

/**
 * The fields in which an answer tells of repetitions: how many attempts we made, and whether those
 * of the client would only multiply ours. {@code x-should-retry} is read by the SDKs of OpenAI and
 * Anthropic, ahead of {@code Retry-After}; others go by the status and {@code Retry-After} alone.
 */
final class RetryFields {
  private static final int FIRST_ERROR = 400;
  private static final long MILLIS_PER_SECOND = 1_000;

  /** For a bound of ours, or a provider that nobody may ask now: it may be over soon. */
  private static final String SOON = "1";

  private RetryFields() {}

  /**
   * Describes an answer of a provider, or the error that takes its place.
   *
   * @param status what the client is told
   * @param by the provider whose answer it is
   * @param hint its wish for the next attempt, milliseconds
   * @return whether the client was told not to repeat the request
   */
  static boolean describe(
      MultiMap to, int status, Provider by, OptionalLong hint, ExchangeState state) {
    count(to, state);
    boolean exhausted = status >= FIRST_ERROR && state.exhausted(by, hint);
    if (exhausted) {
      to.set(HeaderNames.SHOULD_RETRY, "false");
    }
    return exhausted;
  }

  /** Describes an error of ours that stands for all attempts, of which none was an answer. */
  static void ofGivenUp(MultiMap to, int status, ExchangeState state) {
    OptionalLong hint = state.hint();
    if (state.asked() == 0) {
      to.set(HttpHeaders.RETRY_AFTER, SOON);
    } else if (!describe(to, status, state.served().provider(), hint, state)
        && hint.orElse(0) > 0) {
      long seconds = (hint.getAsLong() + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND;
      to.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }
  }

  /** Describes a refusal of ours, which comes before any attempt or ends them all. */
  static void ofRefusal(MultiMap to, int status, ExchangeState state) {
    count(to, state);
    if (status == 503) {
      to.set(HttpHeaders.RETRY_AFTER, SOON);
    }
  }

  private static void count(MultiMap to, ExchangeState state) {
    if (state.asked() > 0) {
      to.set(HeaderNames.ATTEMPTS, Integer.toString(state.asked()));
    }
  }
}
