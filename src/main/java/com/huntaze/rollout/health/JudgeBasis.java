package com.huntaze.rollout.health;

import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.settings.DurationText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a judge counts and bets by. What was found by one basis says nothing by another: whoever was
 * not slow at a limit of 10 s may be at 1 s, and evidence against 1 % of errors is none against 5
 * %.
 *
 * @param everything whether all traffic goes to Foundry whatever the rollout, as in mode foundry,
 *     where verdicts only alert
 * @param errorBasisPoints and the next two: as in {@link Thresholds}
 * @param alpha the probability of a false rollback in the whole rollout
 * @param ratio how many times legacy's error rate Foundry's may be
 * @param margin how far above legacy's error rate Foundry's may be in any case, 0..1
 */
public record JudgeBasis(
    boolean everything,
    int errorBasisPoints,
    long latencyMillis,
    long costNano,
    double alpha,
    double ratio,
    double margin) {

  static JudgeBasis of(HealthSettings settings, ProviderMode mode) {
    Thresholds limits = Thresholds.of(settings);
    return new JudgeBasis(
        mode == ProviderMode.FOUNDRY,
        limits.errorBasisPoints(),
        limits.latencyMillis(),
        limits.costNano(),
        settings.sequential().alpha(),
        settings.baseline().ratio(),
        settings.baseline().margin());
  }

  /** What was otherwise in another basis, such as {@code errorRate.limit 0.01, now 0.05}. */
  List<String> changesSince(JudgeBasis before) {
    Map<String, Object> then = before.named();
    return named().entrySet().stream()
        .filter(now -> !now.getValue().equals(then.get(now.getKey())))
        .map(now -> "%s %s, now %s".formatted(now.getKey(), then.get(now.getKey()), now.getValue()))
        .toList();
  }

  private Map<String, Object> named() {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("judged traffic", everything ? "all, whatever the rollout" : "the rollout's share");
    named.put("errorRate.limit", errorBasisPoints / 10_000.0);
    named.put("latencyP95.limit", DurationText.format(Duration.ofMillis(latencyMillis)));
    named.put("costPerRequestUsd.limit", Figure.usd(costNano));
    named.put("sequential.alpha", alpha);
    named.put("baseline.ratio", ratio);
    named.put("baseline.margin", margin);
    return named;
  }
}
