package com.huntaze.rollout.simulate;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The results of the demo requests that ended within one span of time. Every one of them is an
 * error or was served by somebody: {@code requests = errors + the sum of servedBy}.
 *
 * @param millis the span's length in milliseconds
 * @param requests requests that ended within it
 * @param errors those that failed: a status of 400 or more, no answer, or a stream without its end
 * @param dropped requests not sent, because too many were open; in no other figure
 * @param servedBy complete answers by {@code X-AI-Provider}; {@link #UNNAMED} without that header
 */
public record TrafficSummary(
    long millis, long requests, long errors, long dropped, Map<String, Long> servedBy) {

  /** Stands for the provider of an answer without {@code X-AI-Provider}. */
  public static final String UNNAMED = "unnamed";

  /** Copies the map and sorts it by name. */
  public TrafficSummary {
    servedBy = Collections.unmodifiableMap(new TreeMap<>(servedBy));
  }

  /**
   * The figures in one sentence: {@code demo traffic: 200 requests in 10 s, 0 errors, served by
   * foundry 21 (10.5 %), legacy 179}. The percentage is of the served requests.
   */
  public String sentence() {
    StringBuilder sentence = new StringBuilder("demo traffic: ");
    sentence.append(requests).append(" requests in ").append(Math.round(millis / 1e3));
    sentence.append(" s, ").append(errors).append(errors == 1 ? " error" : " errors");
    if (dropped > 0) {
      sentence.append(", ").append(dropped).append(" dropped");
    }
    long served = servedBy.values().stream().mapToLong(Long::longValue).sum();
    String separator = ", served by ";
    for (Map.Entry<String, Long> entry : servedBy.entrySet()) {
      sentence.append(separator).append(entry.getKey()).append(' ').append(entry.getValue());
      if (entry.getKey().equals("foundry")) {
        double percentage = 100.0 * entry.getValue() / served;
        sentence.append(String.format(Locale.ROOT, " (%.1f %%)", percentage));
      }
      separator = ", ";
    }
    return sentence.toString();
  }
}
