package com.huntaze.rollout.archfixture.upwards.proxy;

import com.huntaze.rollout.archfixture.upwards.relay.Answers;

/** Knows a lower room, as it may. */
public final class Innocent {
  Answers answers;
}
