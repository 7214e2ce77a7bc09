package com.huntaze.rollout.judge.sequential;

import static com.huntaze.rollout.judge.window.Members.required;

import com.huntaze.rollout.judge.window.Maker;
import java.util.List;

/**
 * One test's wealth without the observations of one user or API key, since it is kept apart.
 *
 * @param maker whose observations are left out
 * @param gain what they speak against Foundry, nats: those of a user who does well again are
 *     forgotten, and old ones fade
 * @param own how many observations it has made lately
 * @param others how many all others have made lately
 * @param atMillis when these were counted, in milliseconds of the rollout's judged time
 * @param rest the mass that has not been bet yet
 * @param logWealth each bet's logarithm, nats
 * @param pending its part of the comparison's open batch
 */
public record LeftOut(
    Maker maker,
    double gain,
    double own,
    double others,
    long atMillis,
    double rest,
    List<Double> logWealth,
    ArmCounts pending) {
  /** Copies the list, so that the record never changes. A damaged file may lack a member. */
  public LeftOut {
    required("maker", maker);
    required("pending", pending);
    logWealth = List.copyOf(required("logWealth", logWealth));
  }

  /** Begins with all that the test has won so far: that this maker had no part in it. */
  static LeftOut begin(Maker maker, SequentialState.Wealth wealth, long atMillis) {
    return new LeftOut(maker, 0, 0, 0, atMillis, wealth.rest(), wealth.logWealth(), ArmCounts.NONE);
  }

  LeftOut with(
      double gain, double own, double others, long atMillis, Mixture mixture, ArmCounts pending) {
    return new LeftOut(
        maker, gain, own, others, atMillis, mixture.rest(), mixture.logWealth(), pending);
  }

  Mixture mixture() {
    return Mixture.restored(rest, logWealth);
  }
}
