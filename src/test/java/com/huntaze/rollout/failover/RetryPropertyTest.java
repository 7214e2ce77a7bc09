package com.huntaze.rollout.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.failover.NextStep.FailOver;
import com.huntaze.rollout.failover.NextStep.Retry;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Next;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Validates: Requirements 6.2. */
class RetryPropertyTest {
  private static final RetrySettings DEFAULTS =
      new RetrySettings(3, Duration.ofMillis(250), 2.0, 0.1);
  private static final Deadlines DEADLINES = new Deadlines(55_000, 20_000);

  private final RetryPolicy retry = new RetryPolicy(DEFAULTS);
  private final FailoverPolicy policy = new FailoverPolicy(retry, retry, DEADLINES);

  @Property(tries = 500)
  @Tag("azure-foundry-production-rollout-property-7")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 7: each delay is twice the one before,"
          + " with a jitter of at most 10 %**")
  void doublesEachDelay(
      @ForAll @IntRange(min = 0, max = 9) int index,
      @ForAll @DoubleRange(min = 0, max = 1) double chance) {
    long delay = retry.delayMillis(index, OptionalLong.empty(), chance);
    double exact = 250 * Math.pow(2, index);
    assertThat((double) delay).isBetween(exact * 0.9 - 0.5, exact * 1.1 + 0.5);
    assertThat(retry.delayMillis(index, OptionalLong.empty(), 0.5)).isEqualTo(250L << index);
  }

  @Property(tries = 500)
  @Tag("azure-foundry-production-rollout-property-7")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 7: the provider's hint comes first, is"
          + " never shortened, and never shortens the delay**")
  void honoursTheHint(
      @ForAll @IntRange(min = 0, max = 9) int index,
      @ForAll @LongRange(min = 0, max = 3_600_000) long hint,
      @ForAll @DoubleRange(min = 0, max = 1) double chance) {
    long usual = retry.delayMillis(index, OptionalLong.empty(), chance);
    long delay = retry.delayMillis(index, OptionalLong.of(hint), chance);
    assertThat(delay).isGreaterThanOrEqualTo(Math.max(hint, usual));
    assertThat((double) delay).isLessThanOrEqualTo(Math.max(usual, hint * 1.1 + 0.5));
  }

  @Property(tries = 500)
  @Tag("azure-foundry-production-rollout-property-7")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 7: whatever is hinted, each delay is"
          + " at least the usual one, which doubles**")
  void neverRetriesAtOnce(
      @ForAll @LongRange(min = 0, max = 20) long hint,
      @ForAll @DoubleRange(min = 0, max = 1) double chance) {
    for (int index = 0; index < 3; index++) {
      long delay = retry.delayMillis(index, OptionalLong.of(hint), chance);
      assertThat(delay).isEqualTo(retry.delayMillis(index, OptionalLong.empty(), chance));
      assertThat(delay).isGreaterThanOrEqualTo((250L << index) * 9 / 10);
    }
  }

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-7")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 7: a request is retried at most 3"
          + " times, on transient errors only, and never past its deadline**")
  void retriesWithinItsLimits(
      @ForAll("sequences") List<Outcome> outcomes,
      @ForAll Provider provider,
      @ForAll boolean fallback,
      @ForAll boolean replayable,
      @ForAll @LongRange(min = 0, max = 30_000) long attemptMillis,
      @ForAll @DoubleRange(min = 0, max = 1) double chance) {
    long start = -7_000;
    long end = start + (provider == Provider.FOUNDRY && fallback && replayable ? 35_000 : 55_000);
    long now = start;
    int retries = 0;
    for (Outcome outcome : outcomes) {
      now += attemptMillis;
      FailedAttempt attempt =
          attempt(provider, outcome, retries + 1, replayable, fallback, start, now);
      if (!(policy.next(attempt, chance, () -> true) instanceof Retry step)) {
        break;
      }
      retries++;
      now += step.delayMillis();
      assertThat(outcome.next()).isIn(Next.RETRY, Next.RETRY_ON_HINT);
      assertThat(replayable).isTrue();
      assertThat(now).isLessThan(end);
    }
    assertThat(retries).isBetween(0, 3);
  }

  @Property(tries = 300)
  @Tag("azure-foundry-production-rollout-property-7")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 7: without budget nothing is"
          + " retried, and the budget is asked only for what it would pay for**")
  void asksTheBudgetLast(
      @ForAll("outcomes") Outcome outcome,
      @ForAll Provider provider,
      @ForAll @IntRange(min = 1, max = 6) int attempts,
      @ForAll boolean replayable,
      @ForAll @LongRange(min = 0, max = 60_000) long now) {
    FailedAttempt attempt = attempt(provider, outcome, attempts, replayable, true, 0, now);
    List<Boolean> asked = new ArrayList<>();
    assertThat(policy.next(attempt, 0.5, () -> !asked.add(true))).isNotInstanceOf(Retry.class);
    NextStep paid = policy.next(attempt, 0.5, () -> true);
    boolean throttled = Meaning.THROTTLED.isOf(outcome) && paid instanceof FailOver;
    assertThat(asked.isEmpty()).isEqualTo(!(paid instanceof Retry) && !throttled);
  }

  @Provide
  Arbitrary<Outcome> outcomes() {
    return Arbitraries.of(Outcomes.ALL);
  }

  /** Failures in a row, most of them transient, so that many reach the last retry. */
  @Provide
  Arbitrary<List<Outcome>> sequences() {
    Arbitrary<Outcome> failure =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(Meaning.TRANSIENT_STATUS.outcome(503))),
            Tuple.of(1, Arbitraries.of(Outcomes.ALL)));
    return failure.list().ofMinSize(1).ofMaxSize(8);
  }

  private static FailedAttempt attempt(
      Provider provider,
      Outcome outcome,
      int attempts,
      boolean replayable,
      boolean fallback,
      long start,
      long now) {
    int foundry = provider == Provider.FOUNDRY ? attempts : 1;
    int legacy = provider == Provider.LEGACY ? attempts : 0;
    OptionalLong hint =
        outcome.next() == Next.RETRY_ON_HINT ? OptionalLong.of(2_000) : OptionalLong.empty();
    return new FailedAttempt(
        provider,
        outcome,
        foundry,
        legacy,
        false,
        0,
        replayable,
        fallback,
        false,
        false,
        false,
        false,
        false,
        false,
        hint,
        start,
        now);
  }
}
