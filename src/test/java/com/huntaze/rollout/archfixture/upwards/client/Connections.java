package com.huntaze.rollout.archfixture.upwards.client;

import com.huntaze.rollout.archfixture.upwards.upstream.Pool;

/** Knows a room of its own level. */
public final class Connections {
  Pool pool;
}
