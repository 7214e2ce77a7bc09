/**
 * The judge: rules, findings, the verdict and the proof of a promotion. Pure: {@code java.*}; times
 * come in as monotonic milliseconds.
 *
 * <p>On the request path an {@code ObservationCounter} of each event loop counts {@code
 * Observation}s and makes cumulative {@code MetricsRow}s of them. On the judging path a {@code
 * HealthJudge} takes the rows and makes {@code HealthMetrics} of them at each tick: exact windows
 * for the plain rule ({@code judge.window}), and the evidence of the sequential tests ({@code
 * judge.sequential}). {@code RollbackController} turns these into a {@code RollbackDecision} and
 * does nothing else. {@code FalseRollbackRisk} warns at the start.
 *
 * <p>A new metric is a new constant of {@code judge.window.Metric}; {@code CONTRIBUTING.md} has the
 * way, and {@code MetricPlacesTest} names what is missing.
 */
package com.huntaze.rollout.judge;
