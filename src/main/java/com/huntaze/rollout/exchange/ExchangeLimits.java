package com.huntaze.rollout.exchange;

import com.huntaze.rollout.failover.FailoverPolicy;
import com.huntaze.rollout.provider.Provider;

/**
 * The bounds of every exchange of one configuration. All times are milliseconds.
 *
 * @param policy decides what follows a failed attempt
 * @param toFirstContent the time to the first content, all attempts included
 * @param stream the longest that a response may take, from the request's begin
 * @param foundryIdle the longest silence of Foundry within a response
 * @param legacyIdle the same of legacy
 * @param holdBack for how long a preamble, or a failing response, is held back
 * @param probePatience how much longer the provider's probe is waited for
 */
public record ExchangeLimits(
    FailoverPolicy policy,
    long toFirstContent,
    long stream,
    long foundryIdle,
    long legacyIdle,
    long holdBack,
    long probePatience) {

  /** The longest silence of a provider within a response. */
  long idle(Provider provider) {
    return provider == Provider.FOUNDRY ? foundryIdle : legacyIdle;
  }
}
