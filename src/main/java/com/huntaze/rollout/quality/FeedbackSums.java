package com.huntaze.rollout.quality;

import com.huntaze.rollout.provider.Provider;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sums of callers' ratings by the values of one subject. Those of several books add up exactly,
 * which their means and intervals would not.
 *
 * @param rows the scores of each value
 * @param labels how often each label was given
 */
public record FeedbackSums(
    Map<String, Map<Provider, Scores>> rows, Map<Provider, Map<String, Long>> labels) {
  /** Rows and labels of a sum; a book has fewer, unless as many are configured. */
  private static final int MOST = 1_000;

  /** Both together; what there is no room for is {@code other}. */
  public FeedbackSums plus(FeedbackSums other) {
    Map<String, Map<Provider, Scores>> sums = new TreeMap<>();
    rows.forEach((value, sides) -> sums.put(value, new EnumMap<>(sides)));
    other.rows.forEach(
        (value, sides) -> {
          Map<Provider, Scores> sum =
              sums.computeIfAbsent(fitting(sums, value), any -> new EnumMap<>(Provider.class));
          sides.forEach((provider, scores) -> sum.merge(provider, scores, Scores::plus));
        });
    Map<Provider, Map<String, Long>> counts = new EnumMap<>(Provider.class);
    labels.forEach((provider, each) -> counts.put(provider, new TreeMap<>(each)));
    other.labels.forEach(
        (provider, each) -> {
          Map<String, Long> sum = counts.computeIfAbsent(provider, any -> new TreeMap<>());
          each.forEach((label, count) -> sum.merge(fitting(sum, label), count, Long::sum));
        });
    return new FeedbackSums(sums, counts);
  }

  private static String fitting(Map<String, ?> all, String value) {
    return all.containsKey(value) || all.size() < MOST ? value : Names.OTHER;
  }

  /** Means, intervals and differences of it. */
  public FeedbackSummary summary() {
    Map<Provider, Scores> totals = new EnumMap<>(Provider.class);
    TreeMap<String, SideBySide> compared = new TreeMap<>();
    rows.forEach(
        (value, sides) -> {
          compared.put(value, sideBySide(sides));
          sides.forEach((side, sum) -> totals.merge(side, sum, Scores::plus));
        });
    Map<Provider, TreeMap<String, Long>> counts = new EnumMap<>(Provider.class);
    labels.forEach((provider, each) -> counts.put(provider, new TreeMap<>(each)));
    return new FeedbackSummary(sideBySide(totals), compared, counts);
  }

  private static SideBySide sideBySide(Map<Provider, Scores> sides) {
    return SideBySide.of(
        sides.getOrDefault(Provider.FOUNDRY, Scores.NONE),
        sides.getOrDefault(Provider.LEGACY, Scores.NONE));
  }
}
