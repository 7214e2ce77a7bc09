package com.huntaze.rollout.control;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.RollbackController;
import com.huntaze.rollout.judge.RollbackDecision;
import com.huntaze.rollout.judge.SideBySide;
import com.huntaze.rollout.judge.StageNotes;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * A judge with the production settings that has everything to do: all metrics, every part of the
 * traffic taken, thousands of users, four event loops, some failures of each kind.
 */
final class BusyJudge {
  private static final String EPOCH = "1-a";
  private static final int LOOPS = 4;
  private static final Outcome[] OUTCOMES = {
    Meaning.TRANSIENT_STATUS.outcome(500),
    Meaning.THROTTLED.outcome(),
    Meaning.TRANSIENT_STATUS.outcome(503),
  };
  private static final Outcome GOOD = Meaning.COMPLETE.outcome();

  private final SplittableRandom random = new SplittableRandom(1);
  private final ObservationCounter[] loops = new ObservationCounter[LOOPS];
  private final RollbackController controller =
      new RollbackController(Health.DEFAULTS, Health.PLAN);
  private final StageNotes notes = new StageNotes();
  private final SideBySide beside = new SideBySide();
  private final HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
  private final int users;
  private final String suffix;
  private long now;

  /**
   * @param users who send requests
   * @param suffix of each name that a client may choose
   */
  BusyJudge(int users, String suffix) {
    this.users = users;
    this.suffix = suffix;
    judge.stageBegan(EPOCH, 0, 0, now);
    for (int i = 0; i < LOOPS; i++) {
      loops[i] = new ObservationCounter("loop-" + i, Thresholds.of(Health.DEFAULTS));
      loops[i].began(EPOCH, 0);
    }
  }

  /** So many exchanges end within a second, and the judge hears of them. */
  void second(int exchanges) {
    for (int i = 0; i < exchanges; i++) {
      exchange();
    }
    now += 1_000;
    for (ObservationCounter loop : loops) {
      loop.rows().forEach(row -> judge.take(row, now));
    }
  }

  private void exchange() {
    long user = 1 + random.nextInt(users);
    Provider provider = user % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
    int failure = random.nextInt(200);
    boolean good = failure >= OUTCOMES.length;
    long millis = 300 + random.nextInt(1_500);
    long cost = 500_000 + random.nextInt(1_000_000);
    ExchangeKind kind =
        new ExchangeKind(
            "model-" + random.nextInt(400) + suffix,
            "agent-" + random.nextInt(40) + suffix,
            "POST /route-" + random.nextInt(50) + suffix,
            "tier-" + random.nextInt(30) + suffix);
    Requester who = new Requester(user, 1 + user % 50);
    Observation seen =
        loops[random.nextInt(LOOPS)].open(provider, EPOCH, 0, who, random.nextInt(4) == 0);
    seen.settle(good, millis, cost, kind.model());
    judge.compare(
        new Compared(
            new Compared.Origin(provider, EPOCH, 0, user, who.apiKey(), kind),
            good ? GOOD : OUTCOMES[failure],
            millis,
            random.nextBoolean(),
            50 + random.nextInt(500),
            cost));
  }

  /** A tick of the judge's, and its answer for people and programs. */
  JsonObject tick() {
    HealthMetrics metrics = judge.tick(now, BreakerFacts.CLOSED);
    RollbackDecision decision = controller.checkHealth(metrics);
    JsonObject health =
        HealthJson.of(
            Instant.ofEpochMilli(now), metrics, decision, controller.status(decision), notes.all());
    HealthJson.tellDifferences(health, beside.of(metrics));
    return health;
  }

  /** The checkpoint as it is written. */
  String checkpoint() {
    return new JsonObject(CheckpointJson.write(judge.checkpoint(), notes.state())).encode();
  }
}
