package com.huntaze.rollout.archfixture.pure.cost;

import com.fasterxml.jackson.core.JsonFactory;

/** May use Jackson's core. */
public final class Ledger {
  JsonFactory innocent;
}
