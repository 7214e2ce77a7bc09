package com.huntaze.rollout.archfixture.circle.canary.stage;

import com.huntaze.rollout.archfixture.circle.canary.step.Step;

/** Knows its knower, within one feature. */
public final class Stage {
  Step step;
}
