package com.huntaze.rollout.simulate;

import com.huntaze.rollout.provider.Provider;
import java.util.Objects;

/**
 * The role of a simulated backend, and its pace.
 *
 * @param provider which side it plays
 * @param host the address to listen on
 * @param port the port to listen on, 0..65535; 0 takes any free one
 * @param service its name in {@code GET /health}
 * @param region its region
 * @param seed from which its answers and times come
 * @param firstTokenMillis median time to the first token of a stream, in milliseconds; log-normal
 * @param answerMillis median time of an answer that is not a stream, in milliseconds; log-normal
 * @param pace factor on all of its times, more than 0; 1 is realistic, 0.01 makes tests quick
 */
public record BackendProfile(
    Provider provider,
    String host,
    int port,
    String service,
    String region,
    long seed,
    double firstTokenMillis,
    double answerMillis,
    double pace) {

  /**
   * Checks each value. Throws {@link IllegalArgumentException} that names it and what it expects.
   */
  public BackendProfile {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(region, "region");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
    requirePositive("firstTokenMillis", firstTokenMillis);
    requirePositive("answerMillis", answerMillis);
    requirePositive("pace", pace);
  }

  /** The Python AI router in front of Azure AI Foundry, on loopback. */
  public static BackendProfile foundry(int port) {
    return new BackendProfile(
        Provider.FOUNDRY, "127.0.0.1", port, "ai-router", "eastus2", 1, 180, 420, 1);
  }

  /** The backend that traffic is moved away from, on loopback; somewhat slower. */
  public static BackendProfile legacy(int port) {
    return new BackendProfile(
        Provider.LEGACY, "127.0.0.1", port, "legacy-ai", "us-east-1", 2, 260, 560, 1);
  }

  /** The same backend with other draws. */
  public BackendProfile withSeed(long newSeed) {
    return new BackendProfile(
        provider, host, port, service, region, newSeed, firstTokenMillis, answerMillis, pace);
  }

  /** The same backend with all of its times multiplied by {@code newPace}. */
  public BackendProfile withPace(double newPace) {
    return new BackendProfile(
        provider, host, port, service, region, seed, firstTokenMillis, answerMillis, newPace);
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: more than 0)");
    }
  }
}
