package com.huntaze.rollout.meters;

import java.util.Set;

/** The labels of statuses in metrics: as many as are known, so that nobody makes more of them. */
final class Statuses {
  private static final Set<Integer> KNOWN =
      Set.of(400, 401, 402, 403, 404, 405, 408, 409, 411, 413, 415, 422, 424, 425, 429, 451);

  private Statuses() {}

  static String label(int status) {
    return KNOWN.contains(status) ? Integer.toString(status) : "other";
  }
}
