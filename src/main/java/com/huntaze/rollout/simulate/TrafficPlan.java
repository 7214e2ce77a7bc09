package com.huntaze.rollout.simulate;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * The load that {@link DemoTraffic} sends.
 *
 * @param url the proxy's base URL, {@code http} only
 * @param requestsPerSecond requests begun per second, more than 0, whether or not answers come
 * @param maxInFlight requests open at once, 1 or more; those above it are dropped and counted
 * @param summaryEvery time between two summaries, more than 0
 * @param timeout time after which a request without an end counts as an error, more than 0
 * @param seed from which users, prompts and the order of requests come
 */
public record TrafficPlan(
    URI url,
    double requestsPerSecond,
    int maxInFlight,
    Duration summaryEvery,
    Duration timeout,
    long seed) {

  /**
   * Checks each value. Throws {@link IllegalArgumentException} that names it and what it expects.
   */
  public TrafficPlan {
    Objects.requireNonNull(summaryEvery, "summaryEvery");
    Objects.requireNonNull(timeout, "timeout");
    if (!"http".equals(url.getScheme()) || url.getHost() == null) {
      throw new IllegalArgumentException("url: " + url + " (expected: http://host:port)");
    }
    if (!(requestsPerSecond > 0) || Double.isInfinite(requestsPerSecond)) {
      throw new IllegalArgumentException(
          "requestsPerSecond: " + requestsPerSecond + " (expected: more than 0)");
    }
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: 1 or more)");
    }
    requireMillis("summaryEvery", summaryEvery);
    requireMillis("timeout", timeout);
  }

  /**
   * The usual plan: a summary every 10 s, a timeout of 60 s as the router's clients have it, and
   * room for 10 s of answers in flight, 2,000 at most.
   */
  public static TrafficPlan of(String url, double requestsPerSecond) {
    int inFlight = (int) Math.max(16, Math.min(2_000, requestsPerSecond * 10));
    return new TrafficPlan(
        URI.create(url),
        requestsPerSecond,
        inFlight,
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        42);
  }

  /** The same plan with another time between summaries. */
  public TrafficPlan withSummaryEvery(Duration newSummaryEvery) {
    return new TrafficPlan(url, requestsPerSecond, maxInFlight, newSummaryEvery, timeout, seed);
  }

  /** The same plan with another limit on open requests. */
  public TrafficPlan withMaxInFlight(int newMaxInFlight) {
    return new TrafficPlan(url, requestsPerSecond, newMaxInFlight, summaryEvery, timeout, seed);
  }

  private static void requireMillis(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 ms or more)");
    }
  }
}
