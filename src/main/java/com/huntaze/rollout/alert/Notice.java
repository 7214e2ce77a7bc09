package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;

/**
 * An alert on its way to the channels.
 *
 * @param id the same for every channel and every attempt, so that receivers can tell repetitions
 * @param suppressed how many like it were kept back since the last one that was sent
 */
record Notice(String id, Alert alert, int suppressed) {

  /** The sentence, and how many others it stands for. */
  String sentence() {
    return suppressed == 0
        ? alert.sentence()
        : "%s (and %d like it since the last alert)".formatted(alert.sentence(), suppressed);
  }
}
