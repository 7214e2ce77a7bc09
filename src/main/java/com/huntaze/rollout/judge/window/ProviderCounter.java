package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.RequesterTable.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One provider's figures in one stage while a source gathers them: what the facts of an exchange
 * add to each counter is counted as the difference that they make. Single-threaded.
 */
final class ProviderCounter {
  /** A provider that names a new model in every answer must not fill the memory. */
  private static final int MOST_MODELS = 32;

  private static final int LONGEST_NAME = 128;

  /** All further models, and names that are too long. */
  static final String OTHER = "other";

  private static final List<Metric> TIMED = Metric.timed().toList();

  private final Counts.Sum all = new Counts.Sum();
  private final Counts.Sum sampled = new Counts.Sum();
  private final double[] costWealth = new double[CostBets.COUNT];
  private final long[] keys = new long[KeySketch.WORDS];
  private final RequesterTable users = new RequesterTable(Apart.USER, false);
  private final RequesterTable apiKeys = new RequesterTable(Apart.API_KEY, true);
  private final Map<Metric, Histogram> times = new EnumMap<>(Metric.class);
  private final Map<String, Counts.Sum> models = new HashMap<>();

  /** The counts of the exchange before the fact that is being counted. */
  private final long[] before = new long[Counter.ALL.size()];

  private final long[] timesBefore = new long[Metric.ALL.size()];
  private final WaitingFailures waiting;
  private boolean changed = true;
  private ProviderFigures newest;

  /**
   * @param waiting where failures wait until they are seen, {@code null} = nowhere
   */
  ProviderCounter(WaitingFailures waiting) {
    this.waiting = waiting;
    TIMED.forEach(metric -> times.put(metric, LatencySnapshot.histogram()));
  }

  /** The failures that wait; {@code null} = all are seen at once. */
  WaitingFailures waiting() {
    return waiting;
  }

  /** The name under which a model's counts are kept. */
  static String keptName(Map<String, ?> kept, String model) {
    boolean own =
        kept.containsKey(model) || kept.size() < MOST_MODELS && model.length() <= LONGEST_NAME;
    return own ? model : OTHER;
  }

  /** A fact of the exchange is about to become known. */
  void before(Observation exchange) {
    if (!exchange.isKnown()) {
      Arrays.fill(before, 0);
      Arrays.fill(timesBefore, Observation.UNKNOWN);
      return;
    }
    for (Counter counter : Counter.ALL) {
      before[counter.ordinal()] = counter.of(exchange);
    }
    times
        .keySet()
        .forEach(metric -> timesBefore[metric.ordinal()] = metric.time().applyAsLong(exchange));
  }

  /** It has become known. */
  void after(Observation exchange) {
    changed = true;
    Counts.Sum model = exchange.model() == null ? null : model(exchange.model());
    boolean begins = before[Counter.OBSERVED.ordinal()] == 0 && exchange.isObserved();
    boolean hit = isHit(exchange);
    Entry user = exchange.isKeyless() ? null : users.of(exchange.who().user(), begins, hit);
    boolean hasKey = exchange.who().apiKey() != Requester.NO_KEY;
    Entry apiKey = hasKey ? apiKeys.of(exchange.who().apiKey(), begins, hit) : null;
    for (Counter counter : Counter.ALL) {
      long more = counter.of(exchange) - before[counter.ordinal()];
      if (more != 0) {
        all.add(counter, more);
        if (exchange.isSampled()) {
          sampled.add(counter, more);
        }
        if (model != null) {
          model.add(counter, more);
        }
        add(user, counter, more, exchange);
        add(apiKey, counter, more, exchange);
      }
    }
    // By index: an entry and an iterator for each exchange would be garbage.
    for (int i = 0; i < TIMED.size(); i++) {
      time(TIMED.get(i), times.get(TIMED.get(i)), exchange);
    }
    if (exchange.isSampled()) {
      sample(exchange, user, apiKey);
    }
  }

  /** An exchange has become a sample: what is known of it was not sampled so far. */
  void granted(Observation exchange) {
    if (!exchange.isKnown()) {
      return;
    }
    changed = true;
    Entry user = exchange.isKeyless() ? null : users.find(exchange.who().user());
    boolean hasKey = exchange.who().apiKey() != Requester.NO_KEY;
    Entry apiKey = hasKey ? apiKeys.find(exchange.who().apiKey()) : null;
    for (Counter counter : Counter.ALL) {
      long known = counter.of(exchange);
      if (known != 0) {
        sampled.add(counter, known);
        addSampled(user, counter, known);
        addSampled(apiKey, counter, known);
      }
    }
    Arrays.fill(before, 0);
    sample(exchange, user, apiKey);
  }

  private static void addSampled(Entry entry, Counter counter, long known) {
    if (entry != null) {
      entry.addSampled(counter, known);
    }
  }

  private static void add(Entry entry, Counter counter, long more, Observation exchange) {
    if (entry != null) {
      entry.add(counter, more, exchange.isSampled());
    }
  }

  /** Tells whether the fact that has just become known speaks against the provider. */
  private boolean isHit(Observation exchange) {
    boolean failed = exchange.isFailed() && before[Counter.ERRORS.ordinal()] == 0;
    boolean slow = exchange.isSlow() && before[Counter.SLOW.ordinal()] == 0;
    boolean dear =
        exchange.costNano() > exchange.limits().of(Metric.COST_PER_REQUEST)
            && before[Counter.COST_KNOWN.ordinal()] == 0;
    return failed || slow || dear;
  }

  private void time(Metric metric, Histogram histogram, Observation exchange) {
    long millis = metric.time().applyAsLong(exchange);
    if (millis >= 0 && timesBefore[metric.ordinal()] < 0) {
      histogram.recordValue(millis);
    }
  }

  private void sample(Observation exchange, Entry user, Entry apiKey) {
    boolean first = exchange.isObserved() && before[Counter.OBSERVED.ordinal()] == 0;
    if (first && !exchange.isKeyless()) {
      KeySketch.add(keys, exchange.who().user());
    }
    if (exchange.isPriced() && before[Counter.COST_KNOWN.ordinal()] == 0) {
      long limit = exchange.limits().of(Metric.COST_PER_REQUEST);
      for (int bet = 0; bet < CostBets.COUNT; bet++) {
        double nats = CostBets.logFactor(bet, exchange.costNano(), limit);
        costWealth[bet] += nats;
        if (user != null) {
          user.addWealth(bet, nats);
        }
        if (apiKey != null) {
          apiKey.addWealth(bet, nats);
        }
      }
    }
  }

  private Counts.Sum model(String name) {
    return models.computeIfAbsent(keptName(models, name), kept -> new Counts.Sum());
  }

  /** The figures now; the same object as long as nothing is counted. */
  ProviderFigures figures() {
    if (changed) {
      changed = false;
      Map<Metric, LatencySnapshot> shown = new EnumMap<>(Metric.class);
      times.forEach((metric, histogram) -> shown.put(metric, snapshot(metric, histogram)));
      Map<String, Counts> byModel = new HashMap<>();
      models.forEach((model, sum) -> byModel.put(model, sum.now()));
      StageTotals totals =
          new StageTotals(all.now(), sampled.now(), Arrays.stream(costWealth).boxed().toList());
      List<RequesterTotals> apart = new ArrayList<>(users.totals());
      apart.addAll(apiKeys.totals());
      newest = new ProviderFigures(totals, KeySketch.of(keys), shown, byModel, apart);
    }
    return newest;
  }

  /** The last snapshot, while no time has been added. */
  private LatencySnapshot snapshot(Metric metric, Histogram histogram) {
    LatencySnapshot last = newest == null ? LatencySnapshot.EMPTY : newest.times(metric);
    return histogram.getTotalCount() == last.count() ? last : LatencySnapshot.of(histogram);
  }
}
