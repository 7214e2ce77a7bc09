package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.Budget;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.difference.Trait;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * A figure that is judged. A constant says all that is known of it: what is counted of one
 * exchange, its limit and action in the configuration, and the rules that judge it. Windows,
 * evidence, findings, the rows that people read and the checkpoint go over the constants, so a new
 * one needs no more than itself, its settings in {@link HealthSettings}, and a test. {@code
 * MetricPlacesTest} names what is missing.
 */
public enum Metric {
  /** The share of failed exchanges. */
  ERROR_RATE(
      MetricSpec.share("Error rate", Counter.ERRORS, Counter.SETTLED)
          .limit("errorRate", s -> s.errorRate().limitBasisPoints(), s -> s.errorRate().action())
          .test("error", 0.6)
          .provenFor("errors")
          .about("errors")),
  /** The 95th percentile of the latency. */
  LATENCY_P95(
      MetricSpec.p95("Latency p95", Counter.SLOW, Counter.OBSERVED)
          .beside(Counter.NEUTRAL)
          .timedBy(Observation::latencyMillis)
          .limit("latencyP95", s -> s.latencyP95().limit().toMillis(), s -> s.latencyP95().action())
          .test("latency", 0.2)
          .provenFor("slow answers")
          .about("times")),
  /** The mean cost of an exchange. */
  COST_PER_REQUEST(
      MetricSpec.meanCost("Cost per request", Counter.COST_NANO, Counter.COST_KNOWN)
          .beside(Counter.UNPRICED)
          .limit(
              "costPerRequestUsd",
              s -> s.costPerRequestUsd().limitNano(),
              s -> s.costPerRequestUsd().action())
          .test("cost", 0.2)
          .about("costs")),
  /**
   * The 95th percentile of the time to a stream's first content. It is observed by default, and has
   * no part of alpha: where it has another action, the plain rule alone judges it.
   */
  FIRST_CONTENT_P95(
      MetricSpec.p95("First content p95", Counter.LATE_STREAMS, Counter.STREAMS)
          .timedBy(exchange -> exchange.isStream() ? exchange.latencyMillis() : Observation.UNKNOWN)
          .limit(
              "firstContentP95",
              s -> s.firstContentP95().limit().toMillis(),
              s -> s.firstContentP95().action())
          .about("times")),
  /** The error rate against legacy's. */
  BASELINE(
      MetricSpec.share("Error rate against legacy", Counter.ERRORS, Counter.SETTLED)
          .againstLegacy("baseline", s -> s.baseline().action())
          .holdTest("baseline", 0.2)
          .about("errors")),
  /** The share of answers 404 against legacy's. */
  NOT_FOUND(
      MetricSpec.share("Answers 404", Counter.NOT_FOUND, Counter.ANSWERED)
          .againstLegacy("baseline", s -> Action.ALERT)
          .noticedIn(20)),
  // Of each user, beside legacy's at the same time.
  USER_ERRORS(MetricSpec.difference(Trait.ERRORS).about("errors")),
  USER_THROTTLED(MetricSpec.difference(Trait.THROTTLED)),
  USER_BAD_REQUEST(MetricSpec.difference(Trait.BAD_REQUEST)),
  USER_DENIED(MetricSpec.difference(Trait.DENIED)),
  USER_NOT_FOUND(MetricSpec.difference(Trait.NOT_FOUND)),
  USER_TOO_LARGE(MetricSpec.difference(Trait.TOO_LARGE)),
  USER_UNPROCESSABLE(MetricSpec.difference(Trait.UNPROCESSABLE)),
  USER_CONTENT_FILTER(MetricSpec.difference(Trait.CONTENT_FILTER)),
  USER_CLIENT_GONE(MetricSpec.difference(Trait.CLIENT_GONE)),
  USER_EMPTY(MetricSpec.difference(Trait.EMPTY).about("errors")),
  USER_CUT(MetricSpec.difference(Trait.CUT).about("errors")),
  USER_LATENCY(MetricSpec.difference(Trait.LATENCY).about("times")),
  USER_SLOW_TAIL(MetricSpec.difference(Trait.SLOW_TAIL).about("times")),
  USER_FIRST_CONTENT(MetricSpec.difference(Trait.FIRST_CONTENT).about("times")),
  USER_OUTPUT_TOKENS(MetricSpec.difference(Trait.OUTPUT_TOKENS).about("costs")),
  USER_COST(MetricSpec.difference(Trait.COST).about("costs")),
  /** The share of the users whom Foundry serves, beside the share that is set. */
  SERVED_SHARE(MetricSpec.served("Share served, by user")),
  /** The circuit breaker. */
  BREAKER(MetricSpec.breaker("Circuit breaker", Counter.ERRORS, Counter.SETTLED).about("errors"));

  /** The metrics as a list, in the order in which people read them. */
  public static final List<Metric> ALL = List.of(values());

  private final MetricSpec spec;
  private final String label = name().toLowerCase(Locale.ROOT);

  Metric(MetricSpec spec) {
    this.spec = spec;
  }

  /** Short and stable, for JSON, metrics and logs. */
  public String label() {
    return label;
  }

  /** Its name for people, such as {@code Error rate}. */
  public String title() {
    return spec.title;
  }

  /** The trouble that it shows; several metrics may show one. */
  public String trouble() {
    return spec.trouble == null ? label : spec.trouble;
  }

  /** Its key below {@code health} in the configuration; {@code null} = it has none of its own. */
  public String settingKey() {
    return spec.settingKey;
  }

  /** Its name among the sequential tests; {@code null} = it has no such test. */
  public String testName() {
    return spec.testName;
  }

  /** The budget that its sequential test spends; {@code null} = it has no such test. */
  public Budget budget() {
    return spec.budget;
  }

  /** Its part of that budget, 0..1. */
  public double alphaPart() {
    return spec.alphaPart;
  }

  /** The name within a sentence, such as {@code error rate}. */
  public String inSentence() {
    return spec.title.substring(0, 1).toLowerCase(Locale.ROOT) + spec.title.substring(1);
  }

  /** Returns the counter of the numerator. */
  public Counter numerator() {
    return spec.numerator;
  }

  /** Returns the counter of the denominator. */
  public Counter denominator() {
    return spec.denominator;
  }

  public Measure measure() {
    return spec.measure;
  }

  /** The limit in the whole numbers of its {@link Measure}; 0 where it has none of its own. */
  public long limit(HealthSettings settings) {
    return spec.limit.applyAsLong(settings);
  }

  /** Returns the consequence of being over its limit. */
  public Action action(HealthSettings settings) {
    return spec.action.apply(settings);
  }

  /** Tells whether a rule judges it. */
  public boolean isJudgedBy(Rule rule) {
    return spec.rules.contains(rule);
  }

  /**
   * Returns the events that a promotion proves to be rare, such as {@code errors}; {@code null} =
   * none.
   */
  public String provenFor() {
    return spec.provenFor;
  }

  /**
   * Returns the time that an exchange took, milliseconds; {@code null} = it is no measure of time.
   */
  public ToLongFunction<Observation> time() {
    return spec.time;
  }

  /** The observations that its own window needs; 0 = as many as the plain rule. */
  public long windowLeast() {
    return spec.windowLeast;
  }

  /** The metrics that have a window. */
  static Stream<Metric> windowed() {
    return judgedBy(Rule.PLAIN, Rule.NOTICE);
  }

  /** The metrics that some of the rules judge. */
  public static Stream<Metric> judgedBy(Rule... rules) {
    return ALL.stream().filter(metric -> Arrays.stream(rules).anyMatch(metric::isJudgedBy));
  }

  /** The metrics that are measures of time. */
  static Stream<Metric> timed() {
    return ALL.stream().filter(metric -> metric.time() != null);
  }

  /** Returns the trait of the users by which it compares; {@code null} = it is no such metric. */
  public Trait trait() {
    return spec.trait;
  }

  /** Returns the counter beside it, in its window; {@code null} = none. */
  public Counter beside() {
    return spec.beside;
  }

  /** The counters of its window. */
  public List<Counter> counters() {
    return spec.beside == null
        ? List.of(denominator(), numerator())
        : List.of(denominator(), numerator(), spec.beside);
  }

  /** One thing that is counted, and what an exchange adds to it once its facts are known. */
  public enum Counter {
    /** Exchanges of which anything counts: their fate, or that they were slow. */
    OBSERVED(Observation::isObserved),
    /** Those whose fate is known, a success or the provider's error. */
    SETTLED(Observation::isSettled),
    /** Of the settled ones, those that failed. */
    ERRORS(Observation::isFailed),
    /** Of the settled ones, those that are independent of each other, as far as is known. */
    SEEN(Observation::isSeen),
    /** Of these, those that failed. */
    SEEN_ERRORS(exchange -> exchange.isSeen() && exchange.isFailed()),
    /** Of the observed ones, those that passed the latency limit. */
    SLOW(Observation::isSlow),
    /** Exchanges whose cost is known. */
    COST_KNOWN(Observation::isPriced),
    /** Successes whose cost stayed unknown. */
    UNPRICED(Observation::isUnpriced),
    /** The sum of the known costs, nano-USD; stops at the largest long. */
    COST_NANO(Observation::isPriced, Observation::costNano),
    /** Exchanges in none of the denominators, such as a content filter's. */
    NEUTRAL(Observation::isNeutral),
    /** Of the neutral ones, those that the provider refused by its own limit. */
    THROTTLED(Observation::isThrottled),
    /** Exchanges that were answered 404. */
    NOT_FOUND(Observation::isNotFound),
    /** Exchanges whose answer shows whether it knew the request's path. */
    ANSWERED(exchange -> exchange.isSettled() || exchange.isNotFound()),
    /** Of the observed ones, those without a user key; each is its own key. */
    KEYLESS(exchange -> exchange.isObserved() && exchange.isKeyless()),
    /** Exchanges whose latency is known. */
    TIMED(Observation::isTimed),
    /** The sum of the known latencies, milliseconds. */
    LATENCY_MILLIS(Observation::isTimed, Observation::latencyMillis),
    /** Streams whose first content has come. */
    STREAMS(Observation::isStream),
    /** Of these, those whose first content came after its limit. */
    LATE_STREAMS(
        exchange ->
            exchange.isStream()
                && exchange.latencyMillis() > exchange.limits().of(FIRST_CONTENT_P95));

    public static final List<Counter> ALL = List.of(values());

    private final String label;
    private final Predicate<Observation> counts;
    private final ToLongFunction<Observation> amount;

    /** Counts the exchanges of which something is known. */
    Counter(Predicate<Observation> counts) {
      this(counts, exchange -> 1);
    }

    /** Sums up an amount of these exchanges. */
    Counter(Predicate<Observation> counts, ToLongFunction<Observation> amount) {
      this.counts = counts;
      this.amount = amount;
      String[] words = name().toLowerCase(Locale.ROOT).split("_");
      StringBuilder camel = new StringBuilder(words[0]);
      for (int i = 1; i < words.length; i++) {
        camel
            .append(words[i].substring(0, 1).toUpperCase(Locale.ROOT))
            .append(words[i].substring(1));
      }
      label = camel.toString();
    }

    /** Short and stable, for JSON. */
    public String label() {
      return label;
    }

    /**
     * Returns the part that the facts of an exchange add, as far as they are known; 0 or more, and
     * it only grows.
     */
    long of(Observation exchange) {
      return counts.test(exchange) ? amount.applyAsLong(exchange) : 0;
    }
  }
}
