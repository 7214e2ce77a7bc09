package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.Budget;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.difference.DifferenceScope;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The properties of a {@link Metric} while its constant is being written. */
final class MetricSpec {
  /** Of sixteen, and of a budget of which the comparison of the error rates has a fifth. */
  private static final double DIFFERENCE_PART = 0.04;

  final String title;
  final Measure measure;
  final Counter numerator;
  final Counter denominator;
  final Set<Rule> rules = EnumSet.noneOf(Rule.class);

  Counter beside;
  ToLongFunction<Observation> time;
  String settingKey;
  String trouble;
  ToLongFunction<HealthSettings> limit = settings -> 0;
  Function<HealthSettings, Action> action = settings -> Action.ROLLBACK;
  String testName;
  Budget budget;
  double alphaPart;
  String provenFor;
  long windowLeast;
  Trait trait;

  private MetricSpec(String title, Measure measure, Counter numerator, Counter denominator) {
    this.title = title;
    this.measure = measure;
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /** A share of exchanges; its limit is in basis points. */
  static MetricSpec share(String title, Counter hits, Counter of) {
    return new MetricSpec(title, Measure.SHARE, hits, of);
  }

  /** A 95th percentile of a time, by the share of exchanges over the limit, milliseconds. */
  static MetricSpec p95(String title, Counter over, Counter of) {
    return new MetricSpec(title, Measure.P95, over, of);
  }

  /** A mean cost; numerator and limit are in nano-USD. */
  static MetricSpec meanCost(String title, Counter nano, Counter of) {
    return new MetricSpec(title, Measure.MEAN_COST, nano, of);
  }

  /** Makes a metric that the breaker's rule judges. */
  static MetricSpec breaker(String title, Counter failed, Counter of) {
    MetricSpec spec = new MetricSpec(title, Measure.SHARE, failed, of);
    spec.rules.add(Rule.BREAKER);
    return spec;
  }

  /** Makes a metric that is told and decides nothing. Its users are counted by themselves. */
  static MetricSpec served(String title) {
    MetricSpec spec = new MetricSpec(title, Measure.SHARE, Counter.OBSERVED, Counter.OBSERVED);
    spec.rules.add(Rule.SHARE);
    spec.action = settings -> Action.ALERT;
    return spec;
  }

  /**
   * Makes a metric by which Foundry's users are compared with legacy's, by the settings of the
   * comparison. Its exchanges are counted by user, not here.
   */
  static MetricSpec difference(Trait trait) {
    MetricSpec spec =
        new MetricSpec(trait.title(), Measure.SHARE, Counter.OBSERVED, Counter.OBSERVED);
    spec.rules.add(Rule.DIFFERENCE);
    if (DifferenceScope.SEGMENT.traits().contains(trait)) {
      spec.rules.add(Rule.SEGMENT);
    }
    spec.trait = trait;
    spec.budget = Budget.HOLDS;
    spec.alphaPart = DIFFERENCE_PART;
    return spec.againstLegacy("baseline", settings -> held(settings.baseline().action()));
  }

  /** A rollback is for the rates of errors: another price or pace is no reason for one. */
  private static Action held(Action ofBaseline) {
    return ofBaseline == Action.ROLLBACK ? Action.ALERT : ofBaseline;
  }

  /** The plain rule holds it against a limit of its own. */
  MetricSpec limit(
      String key, ToLongFunction<HealthSettings> of, Function<HealthSettings, Action> then) {
    rules.add(Rule.PLAIN);
    settingKey = key;
    limit = of;
    action = then;
    return this;
  }

  /** It is held against legacy's figure, by the settings of the comparison. */
  MetricSpec againstLegacy(String key, Function<HealthSettings, Action> then) {
    settingKey = key;
    action = then;
    return this;
  }

  /** A sequential test judges it, too, with a part of the rollbacks' budget. */
  MetricSpec test(String name, double part) {
    return test(name, Budget.ROLLBACKS, part);
  }

  /** A sequential test judges it with a part of the budget of holds and notices. */
  MetricSpec holdTest(String name, double part) {
    return test(name, Budget.HOLDS, part);
  }

  private MetricSpec test(String name, Budget of, double part) {
    rules.add(Rule.SEQ);
    testName = name;
    budget = of;
    alphaPart = part;
    return this;
  }

  /**
   * Other metrics show the same trouble, of which people are told once.
   *
   * @param name that they have in common
   */
  MetricSpec about(String name) {
    trouble = name;
    return this;
  }

  /** It is told and decides nothing, in a window of its own of the sampled exchanges. */
  MetricSpec noticedIn(long least) {
    rules.add(Rule.NOTICE);
    windowLeast = least;
    return this;
  }

  /** Sets the counter beside it, in its window. */
  MetricSpec beside(Counter counter) {
    beside = counter;
    return this;
  }

  /** Sets the time of an exchange, for its percentiles. */
  MetricSpec timedBy(ToLongFunction<Observation> millis) {
    time = millis;
    return this;
  }

  /** A promotion may need proof that it is under its limit. */
  MetricSpec provenFor(String what) {
    provenFor = what;
    return this;
  }
}
