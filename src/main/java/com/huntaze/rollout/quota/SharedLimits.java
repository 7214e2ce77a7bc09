package com.huntaze.rollout.quota;

import java.util.List;

/** The limits of this process that are in force. */
public interface SharedLimits {
  List<SharedLimit> all();

  /**
   * Of a limit that comes into force later, each of so many replicas has an equal part at first.
   */
  void replicas(int count);
}
