package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.provider.Provider;
import java.util.Map;

/**
 * One provider's figures (the seed's ProviderMetrics). Without data every figure is 0, and {@code
 * costKnown} says so of the costs.
 *
 * @param errorRate 0..1
 * @param latencyP50 milliseconds, as are the other two
 * @param totalCostUsd USD, of the requests whose cost is known
 * @param avgCostPerRequest USD per request of those
 * @param costKnown whether there is such a request: if not, the costs are not known, and not 0
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
    boolean costKnown,
    Map<String, ModelMetrics> modelBreakdown) {

  public ProviderMetrics {
    modelBreakdown = Map.copyOf(modelBreakdown);
  }

  /** The figures of a provider of which nothing has been observed. */
  public static ProviderMetrics none(Provider provider) {
    return new ProviderMetrics(provider, 0, 0, 0, 0, 0, 0, 0, 0, false, Map.of());
  }
}
