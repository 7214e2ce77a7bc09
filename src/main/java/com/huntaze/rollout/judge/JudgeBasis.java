package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.window.Members;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.provider.ProviderMode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings that a judge counts and bets by. What was found by one basis says nothing by
 * another: whoever was not slow at a limit of 10 s may be at 1 s, and evidence against 1 % of
 * errors is none against 5 %.
 *
 * @param values each value under its key below {@code health}, as text
 */
public record JudgeBasis(Map<String, String> values) {
  private static final String EVERYTHING = "all, whatever the rollout";
  private static final String SHARE = "the rollout's share";

  /** Copies the map in its order, so that the record never changes. */
  public JudgeBasis {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(Members.required("values", values)));
  }

  static JudgeBasis of(HealthSettings settings, ProviderMode mode) {
    boolean everything = mode == ProviderMode.FOUNDRY;
    Map<String, String> values = new LinkedHashMap<>();
    values.put("judged traffic", everything ? EVERYTHING : SHARE);
    Metric.judgedBy(Rule.PLAIN)
        .forEach(
            metric -> values.put(limit(metric), metric.measure().setting(metric.limit(settings))));
    values.put("sequential.alpha", Double.toString(settings.sequential().alpha()));
    values.put("baseline.ratio", Double.toString(settings.baseline().ratio()));
    values.put("baseline.margin", Double.toString(settings.baseline().margin()));
    return new JudgeBasis(values);
  }

  /**
   * The basis that version 0.1 has written.
   *
   * @throws IllegalArgumentException when a value of it is missing or of another type
   */
  public static JudgeBasis ofVersion1(Map<String, Object> basis) {
    Map<String, String> values = new LinkedHashMap<>();
    boolean everything = Boolean.TRUE.equals(basis.get("everything"));
    values.put("judged traffic", everything ? EVERYTHING : SHARE);
    values.put(limit(Metric.ERROR_RATE), setting(Metric.ERROR_RATE, basis, "errorBasisPoints"));
    values.put(limit(Metric.LATENCY_P95), setting(Metric.LATENCY_P95, basis, "latencyMillis"));
    values.put(limit(Metric.COST_PER_REQUEST), setting(Metric.COST_PER_REQUEST, basis, "costNano"));
    values.put("sequential.alpha", Double.toString(number(basis, "alpha").doubleValue()));
    values.put("baseline.ratio", Double.toString(number(basis, "ratio").doubleValue()));
    values.put("baseline.margin", Double.toString(number(basis, "margin").doubleValue()));
    return new JudgeBasis(values);
  }

  private static String limit(Metric metric) {
    return metric.settingKey() + ".limit";
  }

  private static String setting(Metric metric, Map<String, Object> basis, String member) {
    return metric.measure().setting(number(basis, member).longValue());
  }

  private static Number number(Map<String, Object> basis, String member) {
    if (basis.get(member) instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException(
        "basis.%s: %s (expected: a number)".formatted(member, basis.get(member)));
  }

  /**
   * Returns the differences to another basis, such as {@code errorRate.limit 0.01, now 0.05}. A
   * value that it does not know is of a metric that is new, which changes nothing of the others.
   */
  List<String> changesSince(JudgeBasis before) {
    return values.entrySet().stream()
        .filter(now -> before.values.containsKey(now.getKey()))
        .filter(now -> !now.getValue().equals(before.values.get(now.getKey())))
        .map(
            now ->
                "%s %s, now %s"
                    .formatted(now.getKey(), before.values.get(now.getKey()), now.getValue()))
        .toList();
  }
}
