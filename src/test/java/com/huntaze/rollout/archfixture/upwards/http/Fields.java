package com.huntaze.rollout.archfixture.upwards.http;

import com.huntaze.rollout.archfixture.upwards.relay.Answers;

/** Knows a higher room. */
public final class Fields {
  Answers answers;
}
