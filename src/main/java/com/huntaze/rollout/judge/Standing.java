package com.huntaze.rollout.judge;

/** The replicas for whose traffic a judge speaks. */
public enum Standing {
  /** All that there are, or that its side of a parted fleet has: it leads. */
  LEADER,

  /**
   * A side of a parted fleet that hears no leader. It judges with its own share of the rollout's
   * alpha, and does not compare with legacy: that alpha stays with the leader.
   */
  SIDE,

  /** Itself, beside a leader that judges for all: alpha is not its to spend. */
  FOLLOWER
}
