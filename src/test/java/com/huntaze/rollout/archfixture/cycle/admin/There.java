package com.huntaze.rollout.archfixture.cycle.admin;

import com.huntaze.rollout.archfixture.cycle.alert.Back;

/** Knows its knower. */
public final class There {
  Back back;
}
