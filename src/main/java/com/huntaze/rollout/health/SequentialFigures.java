package com.huntaze.rollout.health;

/**
 * The sequential tests at one tick.
 *
 * @param error Foundry's error rate
 * @param latency Foundry's share of slow exchanges
 * @param cost Foundry's mean cost
 * @param baseline Foundry's error rate against legacy's; its counts are Foundry's
 * @param arms both sides' counts of that comparison
 * @param keys distinct user keys
 */
public record SequentialFigures(
    EvidenceFigures error,
    EvidenceFigures latency,
    EvidenceFigures cost,
    EvidenceFigures baseline,
    ArmCounts arms,
    long keys) {}
