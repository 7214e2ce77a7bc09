package com.huntaze.rollout.archfixture.pure.canary;

import com.huntaze.rollout.archfixture.pure.cost.Ledger;

/** Knows what stands below. */
final class Innocent {
  Ledger below;
}
