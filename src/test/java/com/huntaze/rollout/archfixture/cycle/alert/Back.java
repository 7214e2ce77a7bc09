package com.huntaze.rollout.archfixture.cycle.alert;

import com.huntaze.rollout.archfixture.cycle.admin.There;

/** Knows its knower. */
public final class Back {
  There there;
}
