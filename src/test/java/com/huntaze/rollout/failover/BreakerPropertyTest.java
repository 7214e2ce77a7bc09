package com.huntaze.rollout.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.failover.BreakerState.Closed;
import com.huntaze.rollout.failover.BreakerState.HalfOpen;
import com.huntaze.rollout.failover.BreakerState.Open;
import com.huntaze.rollout.outcome.BreakerResult;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;

/** Validates: Requirements 6.4, 6.5. */
class BreakerPropertyTest {

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-8")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 8: the breaker goes closed, open,"
          + " half-open, closed or open, for any interleaving of admissions, late results and"
          + " timers**")
  void agreesWithThePlainModel(@ForAll("chains") ActionChain<BreakerUnderTest> chain) {
    chain.run();
  }

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-8")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 8: any input in any state gives a"
          + " state that is the same or newer**")
  void isTotal(
      @ForAll("states") BreakerState state,
      @ForAll("permits") Permit permit,
      @ForAll BreakerResult result,
      @ForAll Standing standing,
      @ForAll long now) {
    BreakerMachine machine = new BreakerMachine(BreakerUnderTest.SETTINGS);
    BreakerState after = machine.result(state, permit, result, now);
    assertThat(after.generation()).isBetween(state.generation(), state.generation() + 1);
    BreakerState elapsed = machine.halfOpen(state, permit.generation());
    assertThat(elapsed.generation()).isBetween(state.generation(), state.generation() + 1);
    assertThat(machine.admit(state, Asking.of(standing), now).state().generation())
        .isEqualTo(state.generation());
    if (permit.generation() != state.generation()) {
      assertThat(after).isSameAs(state);
      assertThat(elapsed).isSameAs(state);
    }
  }

  @Provide
  Arbitrary<BreakerState> states() {
    Arbitrary<Long> generations = Arbitraries.longs().between(0, 4);
    return Combinators.combine(generations, Arbitraries.integers().between(0, 2))
        .as(
            (generation, kind) ->
                kind == 0
                    ? new Closed(generation, (int) (generation % 3))
                    : kind == 1
                        ? new Open(generation, 0, 1_000)
                        : new HalfOpen(generation, generation % 2 == 0));
  }

  @Provide
  Arbitrary<Permit> permits() {
    return Combinators.combine(Arbitraries.longs().between(0, 4), Arbitraries.of(true, false))
        .as(Permit::new);
  }

  @Provide
  Arbitrary<ActionChain<BreakerUnderTest>> chains() {
    return ActionChain.<BreakerUnderTest>startWith(BreakerUnderTest::new)
        .withAction(4, admit(Standing.REPLACEABLE))
        .withAction(2, admit(Standing.SECOND_CHANCE))
        .withAction(4, admit(Standing.LAST_RESORT))
        .withAction(1, Action.just("0.1 s passes", breaker -> breaker.elapse(100)))
        .withAction(1, Action.just("1 s passes", breaker -> breaker.elapse(1_000)))
        .withAction(1, Action.just("30 s pass", breaker -> breaker.elapse(30_000)))
        .withAction(6, new Finish())
        .withAction(1, Action.just("timer elapses", breaker -> breaker.elapse(true)))
        .withAction(1, Action.just("old timer elapses", breaker -> breaker.elapse(false)))
        .withMaxTransformations(120);
  }

  private static Action.Independent<BreakerUnderTest> admit(Standing standing) {
    return new Admit(standing);
  }

  /** An attempt of one of more users than are told apart asks: the first, or one that follows. */
  private record Admit(Standing standing) implements Action.Independent<BreakerUnderTest> {
    @Override
    public Arbitrary<Transformer<BreakerUnderTest>> transformer() {
      Arbitrary<Boolean> either = Arbitraries.of(true, false);
      return Combinators.combine(
              Arbitraries.longs().between(0, FailedUsers.MOST + 2), either, either)
          .as((user, again, others) -> new Asking(standing, user, again, others))
          .map(
              asking -> Transformer.transform("admit " + asking, breaker -> breaker.admit(asking)));
    }
  }

  /** One of the attempts under way ends, in any order; failures are the more likely result. */
  private static final class Finish implements Action.Independent<BreakerUnderTest> {
    @Override
    public Arbitrary<Transformer<BreakerUnderTest>> transformer() {
      Arbitrary<BreakerResult> results =
          Arbitraries.of(
              BreakerResult.FAILURE,
              BreakerResult.FAILURE,
              BreakerResult.FAILURE,
              BreakerResult.SUCCESS,
              BreakerResult.NEUTRAL);
      Arbitrary<Integer> picks = Arbitraries.integers().between(0, 1_000);
      return Combinators.combine(results, picks)
          .as(
              (result, pick) ->
                  Transformer.transform(
                      "attempt " + pick + " ends in " + result,
                      breaker -> breaker.finish(pick, result)));
    }
  }
}
