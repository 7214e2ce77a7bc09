package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;

/**
 * An alert that is to be sent now.
 *
 * @param suppressed how many like it were kept back since the last one that was sent
 */
record DueAlert(Alert alert, int suppressed) {}
