package com.huntaze.rollout.proxy;

import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;

/**
 * A retry, or another question to a breaker, that is waited for.
 *
 * @param failure what it is to make up for
 * @param atMillis when its wait is over, {@link Monotonic#millis}
 */
record DueRetry(Provider provider, Outcome failure, long atMillis) {}
