package com.huntaze.rollout.archfixture.pure.traffic;

import com.huntaze.rollout.archfixture.pure.canary.Machine;
import com.huntaze.rollout.archfixture.pure.cost.Ledger;

/** Knows what stands above and beside it. */
final class Upward {
  Machine above;
  Ledger beside;
}
