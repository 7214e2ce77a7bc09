package com.huntaze.rollout.archfixture.circle.canary;

import com.huntaze.rollout.archfixture.circle.canary.stage.Stage;

/** Knows what does not know it. */
public final class Innocent {
  Stage stage;
}
