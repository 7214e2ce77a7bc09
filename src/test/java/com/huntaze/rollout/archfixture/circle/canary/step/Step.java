package com.huntaze.rollout.archfixture.circle.canary.step;

import com.huntaze.rollout.archfixture.circle.canary.stage.Stage;

/** Knows its knower, within one feature. */
public final class Step {
  Stage stage;
}
