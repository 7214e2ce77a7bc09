package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Traffic that is counted by sources and judged at each second, with the production classes from
 * end to end: 1 % errors, and more after a change.
 */
final class JudgedTraffic {
  static final String EPOCH = "1-a";

  private final SplittableRandom random;
  private final int perSecond;
  private final int change;
  private final double after;
  private final HealthSettings settings;
  private final RollbackController controller;
  private final List<ObservationCounter> sources = new ArrayList<>();
  private HealthJudge judge;
  private int incarnation;
  private long second;
  private long requests;

  /**
   * @param sources how many there are
   * @param perSecond Foundry's requests in a second, and as many of legacy
   * @param change after how many seconds the error rate changes
   * @param after the error rate from then on
   */
  JudgedTraffic(
      HealthSettings settings, int sources, int perSecond, int change, double after, long seed) {
    this.perSecond = perSecond;
    this.settings = settings;
    this.change = change;
    this.after = after;
    random = new SplittableRandom(seed);
    controller = new RollbackController(settings, Health.PLAN);
    judge = new HealthJudge(settings, Health.PLAN);
    judge.stageBegan(EPOCH, 0, 0, 0);
    startSources(sources);
  }

  /** The second of the first rollback, -1 = none within an hour. */
  long detection() {
    while (second < 3_600) {
      if (controller.checkHealth(step()).isRollback()) {
        return second;
      }
    }
    return -1;
  }

  /** One second of traffic, and the tick that ends it. */
  HealthMetrics step() {
    for (int i = 0; i < perSecond; i++) {
      boolean error = random.nextDouble() < (second < change ? 0.01 : after);
      source().open(Provider.FOUNDRY, EPOCH, 0).settle(!error, 100, 1_000_000, "gpt");
      boolean other = random.nextDouble() < 0.01;
      source().open(Provider.LEGACY, EPOCH, 0).settle(!other, 100, 1_000_000, "old");
    }
    second++;
    long now = second * 1_000;
    sources.forEach(each -> each.rows().forEach(row -> judge.take(row, now)));
    return judge.tick(now, BreakerFacts.CLOSED);
  }

  /** The process is killed and starts again: new sources, and a judge from the checkpoint. */
  void restartAll() {
    restartJudge(judge.checkpoint());
    int count = sources.size();
    sources.clear();
    startSources(count);
  }

  /** The judge alone starts again, from a checkpoint that may be older. */
  void restartJudge(JudgeCheckpoint checkpoint) {
    judge = new HealthJudge(settings, Health.PLAN);
    judge.stageBegan(EPOCH, 0, 0, second * 1_000);
    judge.restore(checkpoint, second * 1_000);
  }

  JudgeCheckpoint checkpoint() {
    return judge.checkpoint();
  }

  HealthJudge judge() {
    return judge;
  }

  private void startSources(int count) {
    for (int i = 0; i < count; i++) {
      ObservationCounter source =
          new ObservationCounter("loop-" + ++incarnation, Thresholds.of(settings));
      source.began(EPOCH, 0);
      sources.add(source);
    }
  }

  private ObservationCounter source() {
    return sources.get((int) (requests++ % sources.size()));
  }
}
