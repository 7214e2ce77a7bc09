package com.huntaze.rollout.judge.served;

import java.util.ArrayList;
import java.util.List;

/**
 * The exchanges that have ended at one source since its last report. Where more end than a report
 * takes the rest is left out, whoever served it. Single-threaded.
 */
public final class ServedExchanges {
  /** Of one report, four of which are sent a second. */
  private static final int MOST = 256;

  private List<ServedExchange> ended = new ArrayList<>();

  /** An exchange has ended. */
  public void add(ServedExchange exchange) {
    if (ended.size() < MOST) {
      ended.add(exchange);
    }
  }

  /** Returns those since the last call. */
  public List<ServedExchange> take() {
    List<ServedExchange> taken = ended;
    ended = new ArrayList<>();
    return taken;
  }
}
