package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.judge.window.Apart;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Maker;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.MetricsCollector;
import com.huntaze.rollout.judge.window.RecentOutcomes;
import com.huntaze.rollout.judge.window.RecentOutcomes.Share;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.judge.window.Standout;
import com.huntaze.rollout.provider.Provider;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at legacy where Foundry's errors were found: where both fail alike, there is nowhere better
 * to send the traffic, and the cause is likely one that both share. Single-threaded; times are
 * milliseconds of the rollout's judged time.
 *
 * <p>Looked at is the time since Foundry's failures began, and legacy's own arm of the split in it,
 * without the failovers from Foundry: a legacy that dies of these does not protect Foundry. Errors
 * that one user alone makes of legacy's do not either.
 */
public final class Contrast {
  /** The time for which a common cause holds, before the time of health runs again. */
  static final long HOLDS_MILLIS = 600_000;

  /** Legacy fails where so many users do. */
  private static final int USERS = 3;

  /** Answers of legacy, none of them an error, that tell that it is well whoever had them. */
  private static final int ANSWERS = 20;

  private static final long NEVER = -1;

  /** The gain of a bet on 25 % of errors against 5 % by an error, and by a success. */
  private static final double HIT = Math.log(5);

  private static final double MISS = Math.log(0.75 / 0.95);

  private final LegacyContrast legacy;
  private final RecentOutcomes outcomes = new RecentOutcomes();
  private CusumRun failing = CusumRun.NONE;

  /** The same of every exchange, sampled or not: one user alone has few samples. */
  private CusumRun everyFailure = CusumRun.NONE;

  private long legacySeen = NEVER;
  private long heldSince = NEVER;

  public Contrast(HealthSettings settings) {
    double limit = Metric.ERROR_RATE.measure().bound(Metric.ERROR_RATE.limit(settings));
    legacy = new LegacyContrast(limit, settings.baseline());
  }

  public void stageBegan() {
    outcomes.clear();
    failing = CusumRun.NONE;
    everyFailure = CusumRun.NONE;
    heldSince = NEVER;
    legacySeen = NEVER;
  }

  /** After a restart legacy's answers are awaited, if it had any. */
  public void restored(long elapsed, StageTotals ofLegacy) {
    legacySeen = ofLegacy.sampled().get(Metric.BASELINE.denominator()) > 0 ? elapsed : NEVER;
  }

  public void add(long elapsed, MetricsCollector.Tick counts) {
    outcomes.add(elapsed, counts);
    StageTotals foundry = counts.of(Provider.FOUNDRY);
    StageTotals ofLegacy = counts.of(Provider.LEGACY);
    failing = grown(failing, foundry.sampled(), ofLegacy.sampled(), elapsed);
    everyFailure = grown(everyFailure, foundry.all(), ofLegacy.all(), elapsed);
    if (ofLegacy.sampled().get(Metric.BASELINE.denominator()) > 0) {
      legacySeen = elapsed;
    }
  }

  private static CusumRun grown(CusumRun run, Counts tick, Counts beside, long elapsed) {
    Counts more = sinceTheyBegan(run, tick);
    long errors = more.get(Metric.BASELINE.numerator());
    long others = more.get(Metric.BASELINE.denominator()) - errors;
    return run.then(
        errors * HIT + others * MISS, CusumRun.of(Metric.BASELINE, more, beside, elapsed));
  }

  /**
   * The successes of the tick in which failures begin came before them, as far as anybody knows: a
   * provider that dies within a second is dead from then on.
   */
  private static Counts sinceTheyBegan(CusumRun run, Counts more) {
    long errors = more.get(Metric.BASELINE.numerator());
    return run.nats() > 0 || errors == 0
        ? more
        : Counts.NONE
            .with(Metric.BASELINE.denominator(), errors)
            .with(Metric.BASELINE.numerator(), errors);
  }

  /** Tells whether both fail alike, where there is a finding for which that matters. */
  public SharedCause sharedCause(EvidenceFigures errors, BreakerFacts breaker, long elapsed) {
    boolean found =
        errors.status() == EvidenceStatus.EXCEEDED
            || breaker.isConfirmed()
            || breaker.isAmongFailures()
            || breaker.opensAgainAndAgain();
    if (!found) {
      heldSince = NEVER;
      return SharedCause.NONE;
    }
    boolean sequential = errors.status() == EvidenceStatus.EXCEEDED;
    CusumRun run = sequential && outcomes(errors.run()) > 0 ? errors.run() : failing;
    Counts foundry = run.counts().only(Metric.BASELINE.counters());
    Counts ofLegacy = ofSeveral(run.beside(), run.begunMillis());
    double worse = sequential ? LegacyContrast.WORSE : LegacyContrast.WORSE_AT_ONCE;
    if (!isShared(foundry, ofLegacy, worse, elapsed) || isLegacyWell(ofLegacy, worse)) {
      heldSince = NEVER;
      return SharedCause.NONE;
    }
    heldSince = heldSince == NEVER ? elapsed : heldSince;
    boolean expired = elapsed - heldSince >= HOLDS_MILLIS;
    return foundry.get(Metric.BASELINE.denominator()) > 0
        ? new SharedCause(true, expired, foundry, ofLegacy)
        : new SharedCause(true, expired, everyFailure.counts(), everyFailure.beside());
  }

  private static long outcomes(CusumRun run) {
    return run.counts().get(Metric.BASELINE.denominator());
  }

  private boolean isShared(Counts foundry, Counts ofLegacy, double worse, long elapsed) {
    long answered = ofLegacy.get(Metric.BASELINE.denominator());
    boolean seen = legacySeen != NEVER && elapsed - legacySeen <= HOLDS_MILLIS;
    if (answered == 0 && !seen) {
      return false;
    }
    return legacy.mayBeShared(
        worse,
        foundry.get(Metric.BASELINE.denominator()),
        foundry.get(Metric.BASELINE.numerator()),
        answered,
        ofLegacy.get(Metric.BASELINE.numerator()));
  }

  /**
   * Tells whether legacy has answered everybody since Foundry's failures began, and often enough.
   * One user has a sample in ten seconds; where he is the only one, samples say nothing for minutes
   * while all his requests are answered.
   */
  private boolean isLegacyWell(Counts sampled, double worse) {
    Counts foundry = everyFailure.counts();
    Counts answered = everyFailure.beside();
    long errors =
        sampled.get(Metric.BASELINE.numerator()) + answered.get(Metric.BASELINE.numerator());
    return errors == 0
        && answered.get(Metric.BASELINE.denominator()) >= ANSWERS
        && !legacy.mayBeShared(
            worse,
            foundry.get(Metric.BASELINE.denominator()),
            foundry.get(Metric.BASELINE.numerator()),
            answered.get(Metric.BASELINE.denominator()),
            0);
  }

  /**
   * Returns whoever has the largest part of what a window counts against Foundry, if it is most of
   * it; of a window of more than an hour, in its last hour.
   *
   * @param since when the window begins
   */
  public Optional<Standout> standout(Metric metric, Counts window, long since) {
    return outcomes.makersSince(Provider.FOUNDRY, since).entrySet().stream()
        .map(each -> standout(metric, each.getKey(), each.getValue()))
        .max(Comparator.comparingLong(Standout::hits).thenComparing(Standout::kind))
        .filter(most -> most.isMostOf(window.get(metric.numerator())));
  }

  private static Standout standout(Metric metric, Maker maker, Share share) {
    return switch (metric.measure()) {
      case SHARE -> new Standout(maker.kind(), share.errors(), share.errors());
      case P95 -> new Standout(maker.kind(), share.slow(), share.slow());
      case MEAN_COST -> new Standout(maker.kind(), share.costNano(), share.priced());
    };
  }

  /** Legacy's outcomes, without the errors of one user or two who alone make many. */
  private Counts ofSeveral(Counts all, long since) {
    Map<Maker, Share> makers = outcomes.makersSince(Provider.LEGACY, since);
    Collection<Share> failing =
        makers.entrySet().stream()
            .filter(each -> each.getKey().kind() == Apart.USER)
            .map(Map.Entry::getValue)
            .filter(share -> share.sampledErrors() > 0)
            .toList();
    Counts rest = all;
    if (failing.size() < USERS && all.get(Metric.BASELINE.numerator()) >= USERS) {
      for (Share share : failing) {
        rest = rest.without(counts(share));
      }
      return rest;
    }
    Optional<Share> worst = failing.stream().max(Comparator.comparingLong(Share::sampledErrors));
    return worst
        .filter(share -> share.sampledErrors() >= USERS)
        .map(Contrast::counts)
        .map(all::without)
        .orElse(all);
  }

  private static Counts counts(Share share) {
    return Counts.of(Metric.BASELINE.denominator(), share.sampled())
        .with(Metric.BASELINE.numerator(), share.sampledErrors());
  }
}
