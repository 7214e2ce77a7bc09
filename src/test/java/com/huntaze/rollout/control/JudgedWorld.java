package com.huntaze.rollout.control;

import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.failover.Admission;
import com.huntaze.rollout.failover.Asking;
import com.huntaze.rollout.failover.BreakerMachine;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.Permit;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.Finding;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.JudgeCheckpoint;
import com.huntaze.rollout.judge.RollbackController;
import com.huntaze.rollout.judge.RollbackDecision;
import com.huntaze.rollout.judge.StageNotes;
import com.huntaze.rollout.judge.window.FailureStreaks;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.judge.window.UserSampler;
import com.huntaze.rollout.outcome.BreakerResult;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A rollout under attack, in virtual time: users and loops send requests, two providers answer as
 * the scenario says, and the product's own judge, sampler and circuit breaker look at it by the
 * settings that it is given. Everything follows from the seed.
 */
final class JudgedWorld {
  /** The response of a provider to a request. */
  record Answer(boolean failed, long millis, long costNano) {
    static final long USUAL_COST = 1_000_000;

    static Answer ok() {
      return new Answer(false, 800, USUAL_COST);
    }

    static Answer failed(long millis) {
      return new Answer(true, millis, Observation.UNKNOWN);
    }
  }

  /** One side of the split. */
  interface Side {
    Answer of(long user, long millis, SplittableRandom random);

    /** Fails a share of its requests by chance. */
    static Side failing(double share) {
      return (user, millis, random) ->
          random.nextDouble() < share ? Answer.failed(50) : Answer.ok();
    }

    /** The same; its failures and its good answers take so long. */
    static Side failing(double share, long failedMillis, long okMillis) {
      return (user, millis, random) ->
          random.nextDouble() < share
              ? Answer.failed(failedMillis)
              : new Answer(false, okMillis, Answer.USUAL_COST);
    }
  }

  /** Requests a second at a moment. */
  interface Rate {
    double at(long millis);
  }

  /** One who sends the same request again and again. */
  interface Loop {
    /** Tells whether his n-th request fails at Foundry. */
    boolean fails(long n);
  }

  private record Looping(Requester who, long everyMillis, Loop loop) {}

  private record Event(long atMillis, long order, Runnable run) {}

  private static final String EPOCH = "1-a";
  private static final int SOURCES = 2;
  private static final long RETRY_MILLIS = 250;

  private final HealthSettings settings;
  private final RolloutPlan plan;
  private final SplittableRandom random;
  private final UserSampler once = new UserSampler();
  private final FailureStreaks streaks = new FailureStreaks();
  private final List<ObservationCounter> sources = new ArrayList<>();
  private final RollbackController controller;
  private final BreakerMachine machine;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) ->
              a.atMillis() != b.atMillis()
                  ? Long.compare(a.atMillis(), b.atMillis())
                  : Long.compare(a.order(), b.order()));
  private final List<Looping> loops = new ArrayList<>();
  private final Breaker breaker;

  private Side foundry = Side.failing(0.005);
  private Side legacy = Side.failing(0.005);
  private Rate rate = millis -> 1;
  private double share = 0.1;
  private int users = 300;
  private boolean keyed = true;
  private long apiKey = Requester.NO_KEY;
  private Set<Rule> deciding = EnumSet.of(Rule.SEQ, Rule.BREAKER, Rule.PLAIN);
  private HealthJudge judge;
  private int incarnation;
  private long order;
  private long now;
  private long requests;
  private long crashEvery;
  private RollbackDecision last;
  private HealthMetrics figures;
  private long readyMillis = -1;
  private final long[] looped = new long[64];

  JudgedWorld(HealthSettings settings, RolloutPlan plan, long seed) {
    this.settings = settings;
    this.plan = plan;
    random = new SplittableRandom(seed);
    controller = new RollbackController(settings, plan);
    machine = new BreakerMachine(BREAKER);
    breaker = new Breaker();
    judge = judge();
    startSources();
  }

  private static final CircuitBreakerSettings BREAKER =
      ConfigLoader.parse(new JsonObject(), Map.of())
          .settings()
          .providers()
          .foundry()
          .circuitBreaker();

  JudgedWorld foundry(Side side) {
    foundry = side;
    return this;
  }

  JudgedWorld legacy(Side side) {
    legacy = side;
    return this;
  }

  /** Sets the requests a second of all users together. */
  JudgedWorld rate(Rate each) {
    rate = each;
    return this;
  }

  JudgedWorld perHour(double each) {
    return rate(millis -> each / 3_600);
  }

  JudgedWorld share(double each) {
    share = each;
    return this;
  }

  JudgedWorld users(int many) {
    users = many;
    return this;
  }

  /** Nobody sends a user key: each request is another body. */
  JudgedWorld keyless() {
    return keyed(false);
  }

  JudgedWorld keyed(boolean each) {
    keyed = each;
    return this;
  }

  JudgedWorld deciding(Rule... rules) {
    deciding = Set.of(rules);
    return this;
  }

  /** The process is killed so often, and starts again from its last checkpoint. */
  JudgedWorld crashEvery(long millis) {
    crashEvery = millis;
    return this;
  }

  /** One user of Foundry's who sends the same request so often. */
  JudgedWorld loop(long everyMillis, Loop loop) {
    loops.add(
        new Looping(new Requester(7_000_000 + loops.size(), Requester.NO_KEY), everyMillis, loop));
    return this;
  }

  /** One API key whose client invents a user for each request. */
  JudgedWorld rotating(long everyMillis, Loop loop) {
    loops.add(new Looping(new Requester(0, 99), everyMillis, loop));
    return this;
  }

  /** All users but the loops' have the same API key. */
  JudgedWorld otherKey() {
    apiKey = 98;
    return this;
  }

  /** The end of a run. */
  record Result(
      String verdict, Rule rule, long millis, long requests, String sentence, long readyMillis) {
    boolean isRollback() {
      return rule != null;
    }
  }

  /** Runs until a rollback, or so long. */
  Result run(long millis) {
    for (int i = 0; i < loops.size(); i++) {
      loop(i, random.nextLong(loops.get(i).everyMillis()));
    }
    long end = now + millis;
    while (now < end) {
      second();
      Finding found = rollback();
      if (found != null) {
        return new Result("rollback", found.rule(), now, requests, found.sentence(), readyMillis);
      }
      if (crashEvery > 0 && now % crashEvery == 0) {
        crash();
      }
    }
    return new Result(last.verdict().label(), null, now, requests, last.sentence(), readyMillis);
  }

  private Finding rollback() {
    return last.findings().stream()
        .filter(finding -> finding.action() == Action.ROLLBACK)
        .filter(finding -> deciding.contains(finding.rule()))
        .findFirst()
        .orElse(null);
  }

  private void second() {
    long until = now + 1_000;
    for (int i = poisson(rate.at(now)); i > 0; i--) {
      long at = now + random.nextLong(1_000);
      at(at, this::arrival);
    }
    while (!events.isEmpty() && events.peek().atMillis() < until) {
      Event next = events.poll();
      now = Math.max(now, next.atMillis());
      next.run().run();
    }
    now = until;
    breaker.tick();
    sources.forEach(each -> each.sweep(now, breaker.state.generation(), breaker.isClosed()));
    sources.forEach(each -> each.rows().forEach(row -> judge.take(row, now)));
    figures = judge.tick(now, breaker.facts());
    last = controller.checkHealth(figures);
    if (readyMillis < 0 && last.promotion().ready()) {
      readyMillis = now;
    }
  }

  private void at(long millis, Runnable run) {
    events.add(new Event(millis, order++, run));
  }

  private void arrival() {
    if (keyed) {
      long user = random.nextInt(users);
      boolean toFoundry = (UserHashes.mix(user) >>> 11) * 0x1.0p-53 < share;
      exchange(new Requester(1 + user, apiKey), user, toFoundry);
    } else {
      boolean toFoundry = random.nextDouble() < share;
      exchange(new Requester(random.nextLong() | 1, apiKey), -1, toFoundry);
    }
  }

  private void loop(int index, long delay) {
    at(
        now + delay,
        () -> {
          Looping each = loops.get(index);
          boolean fails = each.loop().fails(looped[index]++);
          Requester who =
              each.who().user() == 0
                  ? new Requester(random.nextLong() | 1, each.who().apiKey())
                  : each.who();
          ask(who, true, fails ? Answer.failed(50) : Answer.ok(), fails);
          loop(index, each.everyMillis());
        });
  }

  private void exchange(Requester who, long user, boolean toFoundry) {
    Side side = toFoundry ? foundry : legacy;
    Answer answer = side.of(user, now, random);
    ask(who, toFoundry, answer, false);
  }

  /**
   * @param again whether each retry fails, too
   */
  private void ask(Requester who, boolean toFoundry, Answer answer, boolean again) {
    boolean sampled = once.first(who.user(), now);
    if (!toFoundry) {
      Observation seen = source().open(Provider.LEGACY, EPOCH, 0, who, sampled);
      at(now + answer.millis(), () -> settle(seen, answer));
      return;
    }
    Permit permit = breaker.admit(who, false);
    if (permit == null) {
      return;
    }
    requests++;
    Observation seen = source().open(Provider.FOUNDRY, EPOCH, 0, who, sampled);
    at(
        now + answer.millis(),
        () -> {
          if (breaker.openedSince(permit)) {
            seen.dependent();
          }
          settle(seen, answer);
          breaker.result(permit, answer.failed());
          if (answer.failed()) {
            at(now + RETRY_MILLIS, () -> retry(who, again));
          }
        });
  }

  /** One retry stands for all: it is of the same exchange. */
  private void retry(Requester who, boolean again) {
    Permit permit = breaker.admit(who, true);
    if (permit != null) {
      breaker.result(permit, again || foundry.of(who.user(), now, random).failed());
    }
  }

  private static void settle(Observation seen, Answer answer) {
    if (answer.millis() > 5_000) {
      seen.slow();
    }
    seen.settle(!answer.failed(), answer.millis(), answer.costNano(), "gpt");
  }

  private ObservationCounter source() {
    return sources.get(random.nextInt(sources.size()));
  }

  private void startSources() {
    sources.clear();
    for (int i = 0; i < SOURCES; i++) {
      ObservationCounter source =
          new ObservationCounter("loop-" + ++incarnation, Thresholds.of(settings), streaks);
      source.began(EPOCH, 0);
      sources.add(source);
    }
  }

  private HealthJudge judge() {
    HealthJudge fresh = new HealthJudge(settings, plan);
    fresh.stageBegan(EPOCH, 0, 0, now);
    return fresh;
  }

  private void crash() {
    JudgeCheckpoint kept = judge.checkpoint();
    judge = judge();
    judge.restore(
        CheckpointJson.read(CheckpointJson.write(kept, StageNotes.State.NONE)).checkpoint(), now);
    startSources();
  }

  private int poisson(double mean) {
    if (mean > 30) {
      return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    int count = 0;
    for (double p = random.nextDouble(); p > limit; p *= random.nextDouble()) {
      count++;
    }
    return count;
  }

  HealthMetrics figures() {
    return figures;
  }

  RollbackDecision decision() {
    return last;
  }

  /** Foundry's circuit breaker, by the product's machine, and the judge's own watch of it. */
  private final class Breaker {
    private final BreakerWatch watch = new BreakerWatch(() -> now);
    private final Map<Long, Long> seen = new HashMap<>();
    private BreakerState state = machine.initial();

    Permit admit(Requester who, boolean again) {
      seen.put(who.user(), now);
      boolean others =
          state instanceof BreakerState.HalfOpen half
              && seen.entrySet().stream()
                  .anyMatch(
                      each ->
                          now - each.getValue() <= 600_000
                              && !half.unfit().contains(each.getKey()));
      Asking asking = new Asking(Standing.REPLACEABLE, who.user(), again, others);
      Admission admission = machine.admit(state, asking, now);
      state = admission.state();
      return admission.permit().orElse(null);
    }

    boolean isClosed() {
      return state instanceof BreakerState.Closed;
    }

    boolean openedSince(Permit permit) {
      return !permit.trial() && permit.generation() != state.generation();
    }

    void result(Permit permit, boolean fails) {
      BreakerResult result = fails ? BreakerResult.FAILURE : BreakerResult.SUCCESS;
      follow(machine.result(state, permit, result, now));
    }

    void tick() {
      if (state instanceof BreakerState.Open open && now >= open.trialsFromMillis()) {
        follow(machine.halfOpen(state, open.generation()));
      }
    }

    private void follow(BreakerState after) {
      boolean changed = after.getClass() != state.getClass();
      state = after;
      if (changed) {
        watch.breaker(
            new JsonObject()
                .put("provider", Provider.FOUNDRY.label())
                .put("state", kind())
                .put("users", state.users().count())
                .put("usersLately", usersLately())
                .put(
                    "earlier",
                    state instanceof BreakerState.Open open ? open.earlier().proven() : 0));
      }
    }

    private String kind() {
      boolean open = state instanceof BreakerState.Open;
      return open ? "open" : state instanceof BreakerState.Closed ? "closed" : "half_open";
    }

    private int usersLately() {
      seen.values().removeIf(at -> now - at > 600_000);
      return seen.size();
    }

    BreakerFacts facts() {
      return watch.facts();
    }
  }

  /** Spreads a user over the split. */
  private static final class UserHashes {
    static long mix(long value) {
      long z = (value + 0x9e37_79b9_7f4a_7c15L) * 0xbf58_476d_1ce4_e5b9L;
      z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
      return z ^ z >>> 31;
    }
  }
}
