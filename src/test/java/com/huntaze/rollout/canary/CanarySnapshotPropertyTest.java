package com.huntaze.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CanarySnapshotPropertyTest {

  @Property(tries = 2_000)
  void mergeIsIdempotent(@ForAll("snapshots") CanarySnapshot a) {
    assertThat(a.merge(a)).isEqualTo(a);
  }

  @Property(tries = 5_000)
  void mergeIsCommutative(
      @ForAll("snapshots") CanarySnapshot a, @ForAll("snapshots") CanarySnapshot b) {
    assertThat(a.merge(b)).isEqualTo(b.merge(a));
  }

  @Property(tries = 5_000)
  void mergeIsAssociative(
      @ForAll("snapshots") CanarySnapshot a,
      @ForAll("snapshots") CanarySnapshot b,
      @ForAll("snapshots") CanarySnapshot c) {
    assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
  }

  @Property(tries = 2_000)
  void aRollbackIsNeverForgottenWithinItsEpoch(
      @ForAll("snapshots") CanarySnapshot a, @ForAll("snapshots") CanarySnapshot b) {
    CanarySnapshot merged = a.merge(b);
    if (a.rolledBack() && merged.epoch().equals(a.epoch())) {
      assertThat(merged.percentage()).isZero();
    }
  }

  @Provide
  Arbitrary<CanarySnapshot> snapshots() {
    return Combinators.combine(epochs(), rollbacks().injectNull(0.6), positions())
        .as(CanarySnapshot::new);
  }

  private static Arbitrary<Epoch> epochs() {
    return Combinators.combine(Arbitraries.longs().between(1, 2), Arbitraries.of("a", "b"))
        .as(Epoch::new);
  }

  private static Arbitrary<RollbackRecord> rollbacks() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 3),
            Arbitraries.of("a", "b"),
            Arbitraries.integers().between(0, 100))
        .as((seq, id, from) -> new RollbackRecord(seq, id, seq, from, "auto", "because"));
  }

  private static Arbitrary<Position> positions() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 2),
            Arbitraries.longs().between(0, 3),
            Arbitraries.of("initial", "canary_10", "full"),
            Arbitraries.integers().between(-1, 2),
            Arbitraries.of(0, 10, 50),
            Arbitraries.of(true, false))
        .as(
            (term, seq, phase, stage, percentage, flag) ->
                new Position(
                    term, seq, new Phase(phase), stage, percentage, flag, !flag, term + seq));
  }
}
