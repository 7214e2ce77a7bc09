package com.huntaze.rollout.alert;

import java.util.Locale;

/** The state of an alert on one channel. */
enum DeliveryStatus {
  /** It waits for its turn. */
  QUEUED,
  /** It has failed, and is tried again. */
  RETRYING,
  DELIVERED,
  /** It was refused, or has failed too often. */
  FAILED,
  /** There was no room for it. */
  DROPPED,
  /** One like it was sent a moment ago. */
  SUPPRESSED;

  /** The name on the wire. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the delivery has ended, well or badly. */
  boolean ended() {
    return this != QUEUED && this != RETRYING;
  }
}
