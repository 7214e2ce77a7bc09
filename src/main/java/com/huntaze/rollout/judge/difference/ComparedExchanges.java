package com.huntaze.rollout.judge.difference;

import java.util.ArrayList;
import java.util.List;

/**
 * The exchanges that have ended at one source since its last report. Where more end than a report
 * takes, the rest is left out, whatever became of them: that is the same for both providers.
 * Single-threaded.
 */
public final class ComparedExchanges {
  /** Of one report, four of which are sent a second. */
  private static final int MOST = 256;

  private List<Compared> ended = new ArrayList<>();

  /** An exchange has ended. */
  public void add(Compared exchange) {
    if (ended.size() < MOST) {
      ended.add(exchange);
    }
  }

  /** Returns those since the last call. */
  public List<Compared> take() {
    List<Compared> taken = ended;
    ended = new ArrayList<>();
    return taken;
  }
}
