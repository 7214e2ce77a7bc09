package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.Setting;
import java.time.Duration;

/**
 * The limits of health, and the way in which it is judged.
 *
 * @param window the time that the plain rule looks back
 * @param minRequests the observations that the plain rule needs
 * @param evaluateEvery how often a verdict is made
 * @param staleAfter when a silent source's figures are stale
 * @param noDataAfter when people are told that nothing can be promoted
 * @param errorRate the limit on failed requests
 * @param latencyP95 the limit on the latency
 * @param costPerRequestUsd the limit on the cost
 * @param firstContentP95 the limit on the time to a stream's first content
 * @param plain the plain rule
 * @param sequential the early test
 * @param baseline the comparison with legacy
 */
public record HealthSettings(
    @Setting(
            value =
                "How far the plain rule looks back; further when that holds fewer than"
                    + " `minRequests`.",
            byDefault = "'5m'",
            min = "1s",
            max = "24h")
        Duration window,
    @Setting(
            value = "The observations that the plain rule needs before it decides.",
            byDefault = "2000",
            min = "1",
            max = "1000000000")
        long minRequests,
    @Setting(value = "How often a verdict is made.", byDefault = "'1s'", min = "10ms", max = "1m")
        Duration evaluateEvery,
    @Setting(
            value = "When the figures of a silent source are stale: stale data holds the rollout.",
            byDefault = "'5s'",
            min = "10ms",
            max = "1h")
        Duration staleAfter,
    @Setting(
            value =
                "How long nothing could be promoted before the alert `hold`, whatever it waits for.",
            byDefault = "'10m'",
            min = "1s",
            max = "7d")
        Duration noDataAfter,
    @Setting("The limit on the share of failed requests.") ErrorRateSettings errorRate,
    @Setting("The limit on the 95th percentile of the latency.") LatencySettings latencyP95,
    @Setting(value = "The limit on the average cost of a request.") CostSettings costPerRequestUsd,
    @Setting(
            value =
                "The limit on the 95th percentile of the time to a stream's first content. It is"
                    + " shown and decides nothing, unless its action is another one; then the plain"
                    + " rule judges it.",
            byDefault = "{'limit': '2s', 'action': 'observe'}")
        LatencySettings firstContentP95,
    @Setting("The plain rule.") PlainSettings plain,
    @Setting("The test that acts before `minRequests` are there.") SequentialSettings sequential,
    @Setting("The comparison with legacy.") BaselineSettings baseline) {}
