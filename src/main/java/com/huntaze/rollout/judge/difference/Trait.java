package com.huntaze.rollout.judge.difference;

import com.huntaze.rollout.outcome.Judgement;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Something that a client feels, by which Foundry's users are compared with legacy's. */
public enum Trait {
  /** The provider's failures. */
  ERRORS("Errors by user", outcome -> outcome.judge() == Judgement.ERROR),
  /** Refusals by the provider's own limit. */
  THROTTLED("Answers 429 by user", Meaning.THROTTLED::isOf),
  BAD_REQUEST("Answers 400 by user", status(400)),
  DENIED("Answers 401, 403 by user", status(401).or(status(403))),
  NOT_FOUND("Answers 404 by user", Meaning.NOT_FOUND::isOf),
  TOO_LARGE("Answers 413 by user", status(413)),
  UNPROCESSABLE("Answers 422 by user", status(422)),
  CONTENT_FILTER("Content filter by user", Meaning.CONTENT_FILTERED::isOf),
  CLIENT_GONE("Clients that left by user", Meaning.CLIENT_GONE::isOf),
  EMPTY("Empty answers by user", any(Meaning.WORDLESS, Meaning.EMPTY_ANSWER)),
  CUT(
      "Answers cut short by user",
      any(Meaning.TRUNCATED, Meaning.INCOMPLETE, Meaning.IDLE, Meaning.STREAM)),
  /** Whole answers, the time to the last byte. */
  LATENCY(
      "Latency by user",
      Shape.MEAN,
      Unit.MILLIS,
      of -> of.stream() ? Double.NaN : ln(of.latencyMillis())),
  /** Answers slower than 95 % of all, of both providers; see {@link UserTable}. */
  SLOW_TAIL("Slowest twentieth by user", Shape.TAIL, Unit.SHARE, of -> Double.NaN),
  FIRST_CONTENT(
      "First content by user",
      Shape.MEAN,
      Unit.MILLIS,
      of -> of.stream() ? ln(of.latencyMillis()) : Double.NaN),
  /** Fewer are as odd as more: answers may be cut off. */
  OUTPUT_TOKENS("Output tokens by user", Shape.EITHER, Unit.TOKENS, of -> ln(of.outputTokens())),
  COST("Cost by user", Shape.MEAN, Unit.NANO_USD, of -> ln(of.costNano()));

  public static final List<Trait> ALL = List.of(values());

  private static final Predicate<Outcome> OURS =
      any(Meaning.BREAKER_OPEN, Meaning.OPTION_REFUSED, Meaning.POOL_FULL);

  /** Three milliseconds beside one are three times as long, and nobody feels them. */
  private static final double LEAST_MILLIS = 20;

  /** The way from a user's exchanges to his figure, and the figure that is the worse one. */
  enum Shape {
    /** The share of the exchanges that have it; more is worse. */
    SHARE,
    /** The share of those that are slower than most of both providers; more is worse. */
    TAIL,
    /** The geometric mean; more is worse. */
    MEAN,
    /** The geometric mean; whatever differs is worse. */
    EITHER
  }

  /** The unit of a side's figure. */
  public enum Unit {
    /** A part of the exchanges, 0..1. */
    SHARE,
    MILLIS,
    TOKENS,
    NANO_USD
  }

  private final String title;
  private final Shape shape;
  private final Unit unit;
  private final ToDoubleFunction<Compared> figure;

  Trait(String title, Predicate<Outcome> has) {
    this(title, Shape.SHARE, Unit.SHARE, of -> has.test(of.outcome()) ? 1 : 0);
  }

  Trait(String title, Shape shape, Unit unit, ToDoubleFunction<Compared> figure) {
    this.title = title;
    this.shape = shape;
    this.unit = unit;
    this.figure = figure;
  }

  /** Its name for people. */
  public String title() {
    return title;
  }

  /** Returns the unit of a side's figure. */
  public Unit unit() {
    return unit;
  }

  /** Tells whether a user's figure is a share of his exchanges; else it is an amount. */
  public boolean isShare() {
    return unit == Unit.SHARE;
  }

  /** Tells whether less is as bad as more. */
  public boolean goesEitherWay() {
    return shape == Shape.EITHER;
  }

  /** Returns how much more of an amount is nothing to anybody, whatever the ratio is. */
  public double leastMore() {
    return unit == Unit.MILLIS ? LEAST_MILLIS : 0;
  }

  Shape shape() {
    return shape;
  }

  /** Returns the part of an exchange: 1 or 0, or a logarithm; NaN = it has none. */
  double of(Compared exchange) {
    return figure.applyAsDouble(exchange);
  }

  /** Tells whether an outcome is the provider's: of what was never sent it is ours. */
  static boolean isCompared(Outcome outcome) {
    return !OURS.test(outcome);
  }

  private static Predicate<Outcome> status(int status) {
    return outcome ->
        outcome.status() == status && outcome.meaning() == Meaning.CALLER_ERROR
            || outcome.status() == status && outcome.meaning() == Meaning.CREDENTIAL_REFUSED;
  }

  /** Asked for each exchange, so that the meanings are gathered once. */
  private static Predicate<Outcome> any(Meaning... meanings) {
    Set<Meaning> all = EnumSet.copyOf(List.of(meanings));
    return outcome -> all.contains(outcome.meaning());
  }

  private static double ln(long amount) {
    return amount < 0 ? Double.NaN : Math.log(1.0 + amount);
  }
}
