package com.huntaze.rollout.judge.window;

/**
 * One model's figures within a provider's (the seed's ModelMetrics).
 *
 * @param avgLatency milliseconds, 0 without data
 * @param avgCost USD per request, 0 without data
 * @param costKnown whether the cost of a request is known: if not, 0 stands for what is not known
 * @param errorRate 0..1, 0 without data
 */
public record ModelMetrics(
    String model,
    long requestCount,
    double avgLatency,
    double avgCost,
    boolean costKnown,
    double errorRate) {}
