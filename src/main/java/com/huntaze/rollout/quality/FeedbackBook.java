package com.huntaze.rollout.quality;

import com.huntaze.rollout.provider.Provider;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The scores that callers gave to the answers of the last day, by the hour in which the answer
 * ended: the current hour and the 24 before it. Thread-safe. Bounded: models and agents that are
 * not configured share {@value #ROOM} rows each, labels as many.
 */
public final class FeedbackBook {
  private static final int HOURS_BEFORE = 24;
  private static final int ROOM = 50;
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private final Names models;
  private final Names agents;
  private final Names labels = new Names(Set.of(), ROOM);
  private final TreeMap<Integer, FeedbackHour> hours = new TreeMap<>();
  private int newest;

  /**
   * @param models the models that have a price
   * @param agents the configured agents
   */
  public FeedbackBook(Set<String> models, Set<String> agents) {
    this.models = new Names(models, ROOM);
    this.agents = new Names(agents, ROOM);
  }

  /** Goes on with other models and agents, as in the constructor; rows that there are stay. */
  public synchronized void configure(Set<String> newModels, Set<String> newAgents) {
    models.configure(newModels);
    agents.configure(newAgents);
  }

  /**
   * An exchange that may be rated from now on.
   *
   * @param endedAt wall clock in milliseconds
   * @param model who answered, {@code null} = not told
   * @param agent whom the caller asked, {@code null} = none
   */
  public synchronized ServedExchange served(
      long endedAt, Provider provider, String model, String agent) {
    return new ServedExchange(hour(endedAt), provider, models.of(model), agents.of(agent));
  }

  /**
   * Enters a rating, in place of the exchange's earlier one. Of an exchange that is older than the
   * book goes back nothing is entered.
   *
   * @param now wall clock in milliseconds
   */
  public synchronized void rate(ServedExchange exchange, Rating rating, long now) {
    forget(now);
    if (exchange.hour < newest - HOURS_BEFORE) {
      return;
    }
    FeedbackHour hour = hours.computeIfAbsent(exchange.hour, any -> new FeedbackHour());
    if (exchange.rating != null) {
      hour.remove(exchange);
    }
    String label = rating.label() == null ? null : labels.of(rating.label());
    exchange.rating = new Rating(rating.thousandths(), label);
    hour.add(exchange);
  }

  /**
   * Returns the summary of all that is known now.
   *
   * @param by the rows
   * @param now wall clock in milliseconds
   */
  public synchronized FeedbackSummary summary(Subject by, long now) {
    return all(by, now).summary();
  }

  /**
   * Returns the sums of all that is known now, a copy.
   *
   * @param by the rows
   * @param now wall clock in milliseconds
   */
  public synchronized FeedbackSums all(Subject by, long now) {
    forget(now);
    Map<Provider, TreeMap<String, Long>> counts = new EnumMap<>(Provider.class);
    hours.values().forEach(hour -> hour.addLabelsTo(counts));
    return new FeedbackSums(sums(by), Map.copyOf(counts));
  }

  /** The scores of one provider's answers. */
  public synchronized Scores scores(Provider provider, long now) {
    forget(now);
    return totals().getOrDefault(provider, Scores.NONE);
  }

  private Map<Provider, Scores> totals() {
    Map<Provider, Scores> totals = new EnumMap<>(Provider.class);
    sums(Subject.PROVIDER)
        .values()
        .forEach(sides -> sides.forEach((side, sum) -> totals.merge(side, sum, Scores::plus)));
    return totals;
  }

  private Map<String, Map<Provider, Scores>> sums(Subject by) {
    Map<String, Map<Provider, Scores>> all = new TreeMap<>();
    hours.values().forEach(hour -> hour.addTo(by, all));
    return all;
  }

  /** A clock that goes back brings nothing back. */
  private void forget(long now) {
    newest = Math.max(newest, hour(now));
    hours.headMap(newest - HOURS_BEFORE).clear();
  }

  private static int hour(long at) {
    return (int) Math.floorDiv(at, HOUR);
  }
}
