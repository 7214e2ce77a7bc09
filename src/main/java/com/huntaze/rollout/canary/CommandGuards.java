package com.huntaze.rollout.canary;

/** The reasons why a change that the ladder allows must not happen now. */
final class CommandGuards {
  private CommandGuards() {}

  /** One sentence, {@code null} = nothing is against it. */
  static String to(Rollout state, Transition change) {
    if (!state.leads() && !state.durable() && state.snapshot().isUnknown()) {
      return "%s: the state directory cannot be used (expected: one that can, or rollback)"
          .formatted(change.name());
    }
    if (!state.leads()) {
      return "%s: another replica leads (expected: its admin port, or rollback)"
          .formatted(change.name());
    }
    if (state.pending() != null) {
      return "%s: %s is being written (expected: a moment's patience, or rollback)"
          .formatted(change.name(), state.pending().transition().name());
    }
    if (!state.durable()) {
      return "%s: the state cannot be written (expected: a state directory that can, or rollback)"
          .formatted(change.name());
    }
    boolean sameEpoch = change.after().epoch().equals(state.snapshot().epoch());
    if (sameEpoch && change.raises() && !state.assessment().raisable()) {
      return "%s: unhealthy, %s (expected: a healthy stage, a lower share or rollback)"
          .formatted(change.name(), state.assessment().against());
    }
    return null;
  }
}
