package com.huntaze.rollout.canary;

/** The rule by which the share in force earns the next stage. */
final class PromotionRule {
  private PromotionRule() {}

  static boolean due(Rollout state, Ladder ladder) {
    CanarySnapshot snapshot = state.snapshot();
    return mayMove(state)
        && state.assessment().healthy()
        && state.assessment().promotable()
        && state.health().healthyMillis() >= ladder.bakeMillis(snapshot)
        && ladder.above(snapshot).isPresent();
  }

  private static boolean mayMove(Rollout state) {
    Position position = state.snapshot().position();
    return state.leads()
        && state.durable()
        && state.pending() == null
        && bakes(state.snapshot())
        && !position.paused()
        && !position.manual();
  }

  /** Returns whether a stage is under way at all. */
  static boolean bakes(CanarySnapshot snapshot) {
    return snapshot.stage() != Stage.NONE && snapshot.percentage() > 0;
  }
}
