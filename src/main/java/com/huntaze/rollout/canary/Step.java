package com.huntaze.rollout.canary;

import java.util.ArrayList;
import java.util.List;

/**
 * The machine's answer to an input.
 *
 * @param effects in the order in which they are to be done
 */
public record Step(Rollout after, List<Effect> effects) {
  /** Keeps a copy. */
  public Step {
    effects = List.copyOf(effects);
  }

  Step(Rollout after, Effect... effects) {
    this(after, List.of(effects));
  }

  Step and(Effect effect) {
    List<Effect> more = new ArrayList<>(effects);
    more.add(effect);
    return new Step(after, more);
  }

  Step then(Rollout next) {
    return new Step(next, effects);
  }

  Step followedBy(Step next) {
    List<Effect> all = new ArrayList<>(effects);
    all.addAll(next.effects);
    return new Step(next.after, all);
  }
}
