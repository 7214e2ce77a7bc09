package com.huntaze.rollout.settings;

import java.util.List;

/** A settings record with rules that span several of its values. */
public interface Checked {
  /**
   * Returns the problems between the values, each of which is fine by itself. Paths are relative to
   * the record; an empty list means that all is well.
   */
  List<Problem> check();
}
