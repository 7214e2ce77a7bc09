package com.huntaze.rollout.health;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/** One provider's figures in one stage while a source gathers them. Single-threaded. */
final class ProviderCounter {
  /** The largest cost of one exchange that is believed: a million USD. */
  private static final long MOST_COST = 1_000_000_000_000_000L;

  private final Histogram latencies = LatencySnapshot.histogram();
  private final ModelTallies models = new ModelTallies();
  private final SampledCounter sampled = new SampledCounter();

  private long observed;
  private long settled;
  private long errors;
  private long slow;
  private long costKnown;
  private long unpriced;
  private long costNano;
  private long neutral;
  private long throttled;

  private boolean changed = true;
  private ProviderFigures newest;

  void observed(Observation of) {
    changed = true;
    observed++;
    if (of.isSampled()) {
      sampled.observed(of);
    }
  }

  void slow(Observation of) {
    changed = true;
    slow++;
    if (of.isSampled()) {
      sampled.slow++;
    }
  }

  void settled(Observation of, boolean success) {
    changed = true;
    settled++;
    errors += success ? 0 : 1;
    if (of.isSampled()) {
      sampled.settled++;
      sampled.errors += success ? 0 : 1;
    }
    addToModel(of, new ModelTally(1, success ? 0 : 1, 0, 0, 0, 0));
  }

  void latency(Observation of, long millis) {
    changed = true;
    long clamped = Math.min(millis, LatencySnapshot.MOST_MILLIS);
    latencies.recordValue(clamped);
    addToModel(of, new ModelTally(0, 0, 1, clamped, 0, 0));
  }

  void cost(Observation of, long nano, long limitNano) {
    changed = true;
    long cost = Math.min(nano, MOST_COST);
    costKnown++;
    costNano = Tally.saturated(costNano, cost);
    if (of.isSampled()) {
      sampled.cost(cost, limitNano);
    }
    addToModel(of, new ModelTally(0, 0, 0, 0, 1, cost));
  }

  void unpriced(Observation of) {
    changed = true;
    unpriced++;
    if (of.isSampled()) {
      sampled.unpriced++;
    }
  }

  void neutral(boolean byLimit) {
    changed = true;
    neutral++;
    throttled += byLimit ? 1 : 0;
  }

  void notFound(Observation of) {
    if (of.isSampled()) {
      changed = true;
      sampled.notFound++;
    }
  }

  /** The figures now; the same object as long as nothing is counted. */
  ProviderFigures figures() {
    if (changed) {
      changed = false;
      Tally all =
          new Tally(
              observed, settled, errors, slow, costKnown, unpriced, costNano, neutral, throttled);
      newest =
          new ProviderFigures(
              all,
              sampled.tally(),
              KeySketch.of(sampled.keys),
              LatencySnapshot.of(latencies),
              models.copy());
    }
    return newest;
  }

  private void addToModel(Observation of, ModelTally more) {
    if (of.model() != null) {
      models.add(of.model(), more);
    }
  }

  /** The same for the exchanges that the sequential tests look at. */
  private static final class SampledCounter {
    private final double[] costWealth = new double[CostBets.COUNT];
    private final long[] keys = new long[KeySketch.WORDS];
    private long observed;
    private long settled;
    private long errors;
    private long slow;
    private long costKnown;
    private long unpriced;
    private long costNano;
    private long notFound;
    private long keyless;

    void observed(Observation of) {
      observed++;
      if (of.isKeyless()) {
        keyless++;
      } else {
        KeySketch.add(keys, of.keyHash());
      }
    }

    void cost(long nano, long limitNano) {
      costKnown++;
      costNano = Tally.saturated(costNano, nano);
      for (int bet = 0; bet < CostBets.COUNT; bet++) {
        costWealth[bet] += CostBets.logFactor(bet, nano, limitNano);
      }
    }

    SampledTally tally() {
      return new SampledTally(
          observed,
          settled,
          errors,
          slow,
          costKnown,
          unpriced,
          costNano,
          notFound,
          keyless,
          Arrays.stream(costWealth).boxed().toList());
    }
  }
}
