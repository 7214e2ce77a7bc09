package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.provider.Provider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The outcomes of both providers in the last hour, tick by tick, and whose they were: what is
 * looked at when something was found. Bounded: a tick holds two pairs of counts, and the makers
 * that are kept apart are summed by {@value #BUCKET_MILLIS} ms. It is not kept over a restart.
 */
public final class RecentOutcomes {
  /** The time that it looks back. */
  static final long SPAN_MILLIS = 3_600_000;

  private static final long BUCKET_MILLIS = 10_000;

  private final Deque<Bucket> buckets = new ArrayDeque<>();

  private record Bucket(long fromMillis, Map<Provider, Map<Maker, Share>> makers) {}

  /**
   * One maker's part of what happened.
   *
   * @param exchanges the settled ones, sampled or not
   * @param errors of these
   * @param slow slow exchanges
   * @param costNano what it cost, nano-USD
   * @param priced exchanges of known cost
   * @param sampled the settled ones that are samples
   * @param sampledErrors of these
   */
  public record Share(
      long exchanges,
      long errors,
      long slow,
      long costNano,
      long priced,
      long sampled,
      long sampledErrors) {
    static final Share NONE = new Share(0, 0, 0, 0, 0, 0, 0);

    static Share of(StageTotals totals) {
      Counts all = totals.all();
      return new Share(
          all.get(Counter.SETTLED),
          all.get(Counter.ERRORS),
          all.get(Counter.SLOW),
          all.get(Counter.COST_NANO),
          all.get(Counter.COST_KNOWN),
          totals.sampled().get(Counter.SETTLED),
          totals.sampled().get(Counter.ERRORS));
    }

    Share plus(Share other) {
      return new Share(
          exchanges + other.exchanges,
          errors + other.errors,
          slow + other.slow,
          Counts.saturated(costNano, other.costNano),
          priced + other.priced,
          sampled + other.sampled,
          sampledErrors + other.sampledErrors);
    }
  }

  public void add(long atMillis, MetricsCollector.Tick counts) {
    for (Provider provider : Provider.values()) {
      counts.apart(provider).forEach((maker, more) -> add(atMillis, provider, maker, more));
    }
    while (!buckets.isEmpty() && atMillis - buckets.peekFirst().fromMillis() > SPAN_MILLIS) {
      buckets.removeFirst();
    }
  }

  private void add(long atMillis, Provider provider, Maker maker, StageTotals more) {
    long from = atMillis - Math.floorMod(atMillis, BUCKET_MILLIS);
    Bucket newest = buckets.peekLast();
    if (newest == null || newest.fromMillis() < from) {
      newest = new Bucket(from, new EnumMap<>(Provider.class));
      buckets.addLast(newest);
    }
    newest
        .makers()
        .computeIfAbsent(provider, each -> new HashMap<>())
        .merge(maker, Share.of(more), Share::plus);
  }

  public void clear() {
    buckets.clear();
  }

  /** The parts of those makers that were kept apart since a moment, to within a bucket. */
  public Map<Maker, Share> makersSince(Provider provider, long millis) {
    Map<Maker, Share> sum = new HashMap<>();
    Iterator<Bucket> newestFirst = buckets.descendingIterator();
    while (newestFirst.hasNext()) {
      Bucket bucket = newestFirst.next();
      if (bucket.fromMillis() + BUCKET_MILLIS <= millis) {
        break;
      }
      bucket
          .makers()
          .getOrDefault(provider, Map.of())
          .forEach((maker, share) -> sum.merge(maker, share, Share::plus));
    }
    return sum;
  }
}
