package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.DifferenceTests;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.segment.SegmentTests;
import com.huntaze.rollout.judge.sequential.Contrast;
import com.huntaze.rollout.judge.sequential.LatestComparison;
import com.huntaze.rollout.judge.sequential.SequentialFigures;
import com.huntaze.rollout.judge.sequential.SequentialState;
import com.huntaze.rollout.judge.sequential.SequentialTests;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.served.ShareTest;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.MetricsCollector;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.judge.window.Standout;
import com.huntaze.rollout.judge.window.WindowCounts;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The judge's memory: takes the rows of all sources and gives, at each tick, the figures that
 * {@link RollbackController} decides on. One per judging verticle; single-threaded.
 *
 * <p>It has no clock: times are monotonic milliseconds of the caller's, from any origin. Windows
 * and totals are of the current stage, the sequential evidence is of the whole epoch. Outside the
 * stages figures are shown, but no evidence is gathered and no budget spent.
 */
public final class HealthJudge {
  /** The chance of a false notice of the share served, in a whole rollout. */
  private static final double SHARE_ALPHA = 0.005;

  private final JudgeBasis basis;
  private final Windows windows;
  private MetricsCollector collector;
  private final SequentialTests tests;
  private final Contrast contrast;
  private DifferenceTests differences;
  private SegmentTests segments;
  private ShareTest served;
  private BatchMarks batches = new BatchMarks();
  private final PlainRule plain;

  private final WarmUp warmup;
  private SequentialState sequential;
  private String epoch = "";
  private int stage = -1;
  private int stageIndex = -1;

  /** Milliseconds that this epoch has been judged, up to the last tick. */
  private long elapsed;

  private long lastTick;
  private final LatestComparison comparison = new LatestComparison();

  /** Of the rollout's wealth; the rest is of other sides of a fleet. */
  private double share = 1;

  /** The settings that the windows are made by. */
  private record Windows(Duration window, long minRequests, Duration staleAfter) {
    static Windows of(HealthSettings settings) {
      return new Windows(settings.window(), settings.minRequests(), settings.staleAfter());
    }
  }

  /** A judge of a rollout's share of the traffic. */
  public HealthJudge(HealthSettings settings, RolloutPlan plan) {
    this(settings, plan, ProviderMode.CANARY);
  }

  /**
   * A judge.
   *
   * @param mode what the traffic goes by: what was found in mode foundry counts in no other mode
   */
  public HealthJudge(HealthSettings settings, RolloutPlan plan, ProviderMode mode) {
    basis = JudgeBasis.of(settings, mode);
    windows = Windows.of(settings);
    collector = new MetricsCollector(windows.window(), windows.minRequests(), windows.staleAfter());
    tests = new SequentialTests(settings, plan);
    contrast = new Contrast(settings);
    // Each stage has the same part of each metric's part of alpha.
    double alpha = settings.sequential().alpha() / Math.max(1, plan.stages());
    differences = new DifferenceTests(alpha * Metric.USER_ERRORS.alphaPart(), settings.baseline());
    segments = new SegmentTests(alpha, settings.baseline());
    served = new ShareTest(SHARE_ALPHA / Math.max(1, plan.stages()));
    plain = new PlainRule(settings);
    warmup = WarmUp.of(settings, plan);
    sequential = tests.start();
  }

  /**
   * An exchange has ended, for the comparison with legacy; each once, in any order. While the stage
   * warms up its time and its cost do not count.
   */
  public void compare(Compared exchange) {
    compare(exchange, 0);
  }

  private void compare(Compared exchange, long ageMillis) {
    Compared counted = warmup.wasOn(ageMillis) ? exchange.withoutTimeAndCost() : exchange;
    differences.add(counted);
    segments.add(counted);
  }

  /**
   * A batch of a process's exchanges, which counts once, however often it comes.
   *
   * @return the number of its source's last batch that has come in its order
   */
  public long take(ExchangeBatch batch) {
    if (batches.take(batch)) {
      batch.compared().forEach(each -> compare(each, batch.ageMillis()));
      batch.served().forEach(this::serve);
    }
    return batches.of(batch.source());
  }

  /** An exchange of which the split decides has ended; each once, in any order. */
  public void serve(ServedExchange exchange) {
    served.add(exchange);
  }

  /** A row of a source, in any order, once or more. */
  public void take(MetricsRow row, long nowMillis) {
    collector.take(row, nowMillis);
  }

  /**
   * Takes the rows that another judge's living sources told last, none of them as judged: else the
   * figures were those of nobody until each source has told its own again.
   */
  public void hear(HealthJudge other, long nowMillis) {
    other.collector.latest().forEach(row -> take(row, nowMillis));
  }

  /** A source has ended in order: from now on its silence is no staleness. */
  public void retire(String source) {
    collector.retire(source);
  }

  /**
   * A stage has begun, or the canary has come back to it. The windows and totals begin anew; a new
   * epoch begins new evidence, too.
   *
   * @param newEpoch the rollout, {@code n-creatorId}
   * @param newStage the tag of the stage in the rows
   * @param newStageIndex its place on the ladder, 0 = first, -1 = outside the stages
   */
  public void stageBegan(String newEpoch, int newStage, int newStageIndex, long nowMillis) {
    if (!newEpoch.equals(epoch)) {
      long tick = sequential.tick();
      sequential = tests.start().at(tick);
      elapsed = 0;
    }
    if (stageIndex < 0) {
      lastTick = nowMillis;
    }
    epoch = newEpoch;
    stage = newStage;
    stageIndex = newStageIndex;
    collector.stageBegan(newEpoch, newStage, nowMillis);
    contrast.stageBegan();
    differences.stageBegan(newEpoch, newStage);
    segments.stageBegan(newEpoch, newStage);
    served.stageBegan(newEpoch, newStage);
    warmup.begin();
  }

  /** Judges what has come since the last tick. */
  public HealthMetrics tick(long nowMillis, BreakerFacts breaker) {
    long sinceLast = Math.max(0, nowMillis - lastTick);
    lastTick = Math.max(lastTick, nowMillis);
    MetricsCollector.Tick counts = collector.tick(nowMillis, warmup.isOn());
    long tick = sequential.tick() + 1;
    if (stageIndex >= 0) {
      elapsed += sinceLast;
      warmup.pass(sinceLast);
      sequential = tests.next(sequential, tick, stageIndex, elapsed, sinceLast, counts);
    } else {
      sequential = sequential.at(tick);
    }
    contrast.add(elapsed, counts);
    return metrics(breaker);
  }

  /**
   * Judges for a part of a fleet from now on.
   *
   * @param of the rollout's wealth, above 0, at most 1: the evidence of a finding must be so much
   *     rarer
   */
  public void share(double of) {
    share = of;
  }

  /**
   * Meets another side of the fleet: evidence goes on as the mean of both. The exchanges that the
   * other side has judged count in windows and totals, and are no evidence a second time. To be
   * called directly after a tick.
   *
   * @param its knowledge, whose sums are of what it has seen since the sides parted
   * @param itsShare of the rollout's wealth, above 0
   * @param rows all that it has judged
   * @return the reason why its evidence does not count; empty = it does
   * @throws IllegalArgumentException when it is damaged
   */
  public List<String> meet(
      JudgeCheckpoint its, double itsShare, List<MetricsRow> rows, long nowMillis) {
    tests.check(its.sequential());
    List<String> strange =
        its.epoch().equals(epoch)
            ? basis.changesSince(its.basis())
            : List.of("it is of rollout %s".formatted(its.epoch()));
    rows.forEach(row -> take(row, nowMillis));
    if (strange.isEmpty()) {
      collector.tick(nowMillis, warmup.isOn());
      sequential = sequential.meets(share, its.sequential().completedBy(tests.start()), itsShare);
    }
    return strange;
  }

  /** Returns the latest row of each living source of the epoch. */
  public List<MetricsRow> rows() {
    return collector.latest();
  }

  /** Returns the knowledge to keep over a restart. */
  public JudgeCheckpoint checkpoint() {
    return new JudgeCheckpoint(
        basis,
        epoch,
        stage,
        stageIndex,
        elapsed,
        sequential,
        collector.totals(Provider.FOUNDRY),
        collector.totals(Provider.LEGACY),
        batches.beside(collector.marks()),
        collector.windows(),
        warmup.leftMillis(),
        differences.state(),
        segments.state(),
        served.looks());
  }

  /**
   * Goes on where a checkpoint ended, as far as it tells of the epoch and the stage that have
   * begun: its evidence is the whole epoch's, its totals are its stage's. Nothing is healthy before
   * new data; the time in between is not judged. What this judge has seen itself and the checkpoint
   * does not tell of counts too, once: more is never overwritten with less.
   *
   * @return how the basis has changed since, in which case nothing of the checkpoint counts and the
   *     epoch's evidence begins anew; empty = it has not
   * @throws IllegalArgumentException when the checkpoint is damaged
   */
  public List<String> restore(JudgeCheckpoint checkpoint, long nowMillis) {
    tests.check(checkpoint.sequential());
    batches.restore(checkpoint.marks());
    if (!checkpoint.epoch().equals(epoch)) {
      return List.of();
    }
    List<String> changes = basis.changesSince(checkpoint.basis());
    if (!changes.isEmpty()) {
      return changes;
    }
    elapsed = Math.max(0, checkpoint.elapsed());
    sequential = checkpoint.sequential().completedBy(tests.start());
    lastTick = nowMillis;
    if (checkpoint.stage() == stage && checkpoint.stageIndex() == stageIndex) {
      Map<Provider, StageTotals> totals =
          Map.of(Provider.FOUNDRY, checkpoint.foundry(), Provider.LEGACY, checkpoint.legacy());
      collector.restore(epoch, stage, totals, BatchMarks.without(checkpoint.marks()), nowMillis);
      collector.restoreWindows(checkpoint.windows(), nowMillis);
      warmup.restore(checkpoint.warmMillis());
      contrast.restored(elapsed, checkpoint.legacy());
      if (checkpoint.differences() != null) {
        differences.restore(checkpoint.differences());
      }
      if (checkpoint.segments() != null) {
        segments.restore(checkpoint.segments());
      }
      served.restore(checkpoint.shareLooks());
    } else {
      collector.goOn();
    }
    return List.of();
  }

  /** Takes all that was found as written: a judge that goes on from there counts it. */
  public void handOn() {
    collector.handOn();
  }

  /**
   * Goes on where a judge of other settings stands, within the same process. What was found by
   * another basis does not count, and the epoch's evidence begins anew; windows of the same size
   * stay as they are, others are empty.
   *
   * @return how the basis has changed; empty = it has not
   */
  public List<String> takeOver(HealthJudge before, long nowMillis) {
    stageBegan(before.epoch, before.stage, before.stageIndex, nowMillis);
    JudgeCheckpoint known = before.checkpoint();
    List<String> changes = restoreUnlessStrange(known, nowMillis);
    boolean anew = !changes.isEmpty();
    served = before.served;
    share = before.share;
    batches = before.batches;
    warmup.takeOver(before.warmup);
    if (anew) {
      sequential = sequential.at(known.sequential().tick());
    } else {
      differences = before.differences;
      segments = before.segments;
    }
    if (windows.equals(before.windows)) {
      collector = before.collector;
    }
    if (anew && collector == before.collector) {
      // What its sources have told so far is history.
      collector.stageBegan(epoch, stage, nowMillis);
    } else if (anew) {
      Map<Provider, StageTotals> none =
          Map.of(Provider.FOUNDRY, StageTotals.NONE, Provider.LEGACY, StageTotals.NONE);
      collector.restore(epoch, stage, none, BatchMarks.without(known.marks()), nowMillis);
    }
    return changes;
  }

  private List<String> restoreUnlessStrange(JudgeCheckpoint known, long nowMillis) {
    try {
      return restore(known, nowMillis);
    } catch (IllegalArgumentException otherBets) {
      return List.of(otherBets.getMessage());
    }
  }

  private Map<Metric, Standout> standouts(WindowCounts windows) {
    Map<Metric, Standout> found = new EnumMap<>(Metric.class);
    Metric.judgedBy(Rule.PLAIN)
        .filter(metric -> plain.exceeds(metric, windows.of(metric)))
        .forEach(
            metric ->
                contrast
                    .standout(metric, windows.of(metric), elapsed - collector.windowMillis(metric))
                    .ifPresent(most -> found.put(metric, most)));
    return found;
  }

  private HealthMetrics metrics(BreakerFacts breaker) {
    WindowCounts foundry = collector.window(Provider.FOUNDRY);
    WindowCounts legacy = collector.window(Provider.LEGACY);
    StageTotals foundryTotals = collector.totals(Provider.FOUNDRY);
    StageTotals legacyTotals = collector.totals(Provider.LEGACY);
    boolean unpriced = SequentialTests.isUnpriced(foundry.of(Metric.COST_PER_REQUEST));
    SequentialFigures evidence = tests.figures(sequential, unpriced, share);
    return new HealthMetrics(
        epoch,
        stage,
        sequential.tick(),
        foundry,
        legacy,
        collector.metrics(Provider.FOUNDRY, foundry),
        collector.metrics(Provider.LEGACY, legacy),
        collector.p95(Provider.FOUNDRY),
        foundryTotals,
        legacyTotals,
        collector.freshness(),
        evidence,
        breaker,
        comparison.of(foundryTotals.all(), legacyTotals.all()),
        contrast.sharedCause(evidence.of(Metric.ERROR_RATE), breaker, elapsed),
        standouts(foundry),
        stageIndex >= 0 ? warmup.leftMillis() : 0,
        differences.tick(),
        segments.tick(),
        served.tick(elapsed));
  }
}
