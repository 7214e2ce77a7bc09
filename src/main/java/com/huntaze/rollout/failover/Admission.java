package com.huntaze.rollout.failover;

import java.util.Optional;

/**
 * The breaker's answer to an attempt that wants to begin.
 *
 * @param state the state after it; the same object when nothing changed
 * @param permit empty when the attempt is refused
 */
public record Admission(BreakerState state, Optional<Permit> permit) {}
