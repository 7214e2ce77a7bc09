package com.huntaze.rollout.quality;

import com.huntaze.rollout.provider.Provider;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The scores of the exchanges that ended in one hour. */
final class FeedbackHour {
  private final Map<Subject, Map<String, Map<Provider, Scores>>> scores =
      new EnumMap<>(Subject.class);
  private final Map<Provider, Map<String, Long>> labels = new EnumMap<>(Provider.class);

  void add(ServedExchange exchange) {
    count(exchange, Scores.of(exchange.rating), 1);
  }

  /** Takes out what was added of the exchange. */
  void remove(ServedExchange exchange) {
    count(exchange, Scores.NONE.minus(Scores.of(exchange.rating)), -1);
  }

  private void count(ServedExchange exchange, Scores score, long one) {
    for (Subject subject : Subject.values()) {
      scores
          .computeIfAbsent(subject, any -> new HashMap<>())
          .computeIfAbsent(value(exchange, subject), any -> new EnumMap<>(Provider.class))
          .merge(exchange.provider, score, Scores::plus);
    }
    if (exchange.rating.label() != null) {
      labels
          .computeIfAbsent(exchange.provider, any -> new HashMap<>())
          .merge(exchange.rating.label(), one, Long::sum);
    }
  }

  private static String value(ServedExchange exchange, Subject subject) {
    return switch (subject) {
      case PROVIDER -> exchange.provider.label();
      case MODEL -> exchange.model;
      case AGENT -> exchange.agent;
    };
  }

  /** Adds all scores by the values of the subject to those of other hours. */
  void addTo(Subject subject, Map<String, Map<Provider, Scores>> all) {
    scores
        .getOrDefault(subject, Map.of())
        .forEach(
            (value, sides) ->
                sides.forEach(
                    (provider, sum) -> {
                      if (sum.count() > 0) {
                        all.computeIfAbsent(value, any -> new EnumMap<>(Provider.class))
                            .merge(provider, sum, Scores::plus);
                      }
                    }));
  }

  /** Adds the counts of the labels to those of other hours. */
  void addLabelsTo(Map<Provider, TreeMap<String, Long>> all) {
    labels.forEach(
        (provider, counts) ->
            counts.forEach(
                (label, count) -> {
                  if (count > 0) {
                    all.computeIfAbsent(provider, any -> new TreeMap<>())
                        .merge(label, count, Long::sum);
                  }
                }));
  }
}
