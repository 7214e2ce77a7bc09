package com.huntaze.rollout.health;

import com.huntaze.rollout.provider.Provider;
import java.util.Map;

/**
 * One provider's figures (the seed's ProviderMetrics). Without data every figure is 0.
 *
 * @param errorRate 0..1
 * @param latencyP50 milliseconds, as are the other two
 * @param totalCostUsd USD
 * @param avgCostPerRequest USD per request
 * @param modelBreakdown the same by model
 */
public record ProviderMetrics(
    Provider provider,
    long requestCount,
    long errorCount,
    double errorRate,
    double latencyP50,
    double latencyP95,
    double latencyP99,
    double totalCostUsd,
    double avgCostPerRequest,
    Map<String, ModelMetrics> modelBreakdown) {

  public ProviderMetrics {
    modelBreakdown = Map.copyOf(modelBreakdown);
  }

  /** The figures of a provider of which nothing has been observed. */
  public static ProviderMetrics none(Provider provider) {
    return new ProviderMetrics(provider, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());
  }
}
