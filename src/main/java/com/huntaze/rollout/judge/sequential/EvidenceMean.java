package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.KeySketch;
import com.huntaze.rollout.judge.window.Maker;
import com.huntaze.rollout.judge.window.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The evidence of two sides of a fleet that could not hear each other, when they meet: their mean,
 * weighted by the shares of the rollout's wealth with which they have gone on, never their product.
 *
 * <p>Both have gone on from the same evidence, each with what it has seen itself. Under the null
 * each one's wealth is a supermartingale, so a mean by shares that sum to at most one is one, too,
 * however often sides part and meet: by Ville's inequality the whole rollout is ever rolled back
 * wrongly with a probability of at most alpha, where a side of share s acts at 1/(s·alpha).
 */
final class EvidenceMean {
  private final double own;
  private final double its;

  private EvidenceMean(double ownShare, double itsShare) {
    this.own = ownShare / (ownShare + itsShare);
    this.its = 1 - own;
  }

  /**
   * The state with which both go on together: the tick, and the open batch of the comparison, are
   * the first one's.
   *
   * @param ownShare of the rollout's wealth, above 0
   * @param other the other side's; its counts are of what it has seen since the two parted
   * @param itsShare of the rollout's wealth, above 0
   */
  static SequentialState of(
      SequentialState state, double ownShare, SequentialState other, double itsShare) {
    EvidenceMean mean = new EvidenceMean(ownShare, itsShare);
    Map<Metric, SequentialState.Wealth> wealth = new EnumMap<>(Metric.class);
    state
        .wealth()
        .forEach((metric, each) -> wealth.put(metric, mean.of(each, other.wealth().get(metric))));
    return new SequentialState(
        state.tick(),
        Math.max(state.stepsPaid(), other.stepsPaid()),
        state.stagesPaid() | other.stagesPaid(),
        wealth,
        state.canary().plus(other.canary()),
        state.arms().plus(other.arms()),
        state.pending(),
        state.pendingMillis(),
        KeySketch.of(state.keys()).union(KeySketch.of(other.keys())).words());
  }

  private SequentialState.Wealth of(SequentialState.Wealth one, SequentialState.Wealth other) {
    Mixture mean = of(one.mixture(), other.mixture());
    List<CusumRun> runs =
        IntStream.range(0, one.runs().size())
            .mapToObj(bet -> stronger(one.runs().get(bet), other.runs().get(bet)))
            .toList();
    return new SequentialState.Wealth(
        mean.rest(), mean.logWealth(), runs, LeaveOneOut.kept(without(one, other)));
  }

  private static CusumRun stronger(CusumRun one, CusumRun other) {
    return other.nats() > one.nats() ? other : one;
  }

  /** Whoever is kept apart on one side only has had no part in what the other one has won. */
  private List<LeftOut> without(SequentialState.Wealth one, SequentialState.Wealth other) {
    Map<Maker, LeftOut> others = new LinkedHashMap<>();
    other.without().forEach(each -> others.put(each.maker(), each));
    List<LeftOut> all = new ArrayList<>();
    for (LeftOut each : one.without()) {
      LeftOut same = others.remove(each.maker());
      all.add(
          same == null ? with(each, each, of(each.mixture(), other.mixture())) : both(each, same));
    }
    others.values().forEach(each -> all.add(with(each, null, of(one.mixture(), each.mixture()))));
    return all;
  }

  private LeftOut both(LeftOut one, LeftOut other) {
    LeftOut more = one.gain() >= other.gain() ? one : other;
    return with(more, one, of(one.mixture(), other.mixture()));
  }

  /**
   * @param open whose part of the open batch it has; {@code null} = nobody's
   */
  private static LeftOut with(LeftOut each, LeftOut open, Mixture mean) {
    ArmCounts pending = open == null ? ArmCounts.NONE : open.pending();
    return each.with(each.gain(), each.own(), each.others(), each.atMillis(), mean, pending);
  }

  private Mixture of(Mixture one, Mixture other) {
    List<Double> first = one.logWealth();
    List<Double> second = other.logWealth();
    List<Double> logs =
        IntStream.range(0, first.size())
            .mapToObj(bet -> Mixture.logMean(own, first.get(bet), its, second.get(bet)))
            .toList();
    return Mixture.restored(Math.min(1, own * one.rest() + its * other.rest()), logs);
  }
}
