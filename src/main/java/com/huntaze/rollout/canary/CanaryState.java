package com.huntaze.rollout.canary;

import com.huntaze.rollout.judge.window.ProviderMetrics;
import java.time.Instant;

/**
 * The rollout as people and APIs see it (the seed's CanaryState, and what else they ask for).
 *
 * @param snapshot phase, percentage, epoch and flags
 * @param lastHealthCheck when the health was judged last, {@code null} = never
 * @param healthyDuration seconds that the stage has been healthy
 * @param foundry Foundry's figures
 * @param legacy legacy's figures
 * @param reason why the rollout is where it is, one sentence
 * @param durable whether what is in force is in the state directory, too
 * @param next what happens next, or the command that makes it happen, one sentence
 */
public record CanaryState(
    CanarySnapshot snapshot,
    Instant lastHealthCheck,
    long healthyDuration,
    ProviderMetrics foundry,
    ProviderMetrics legacy,
    String reason,
    boolean durable,
    String next) {}
