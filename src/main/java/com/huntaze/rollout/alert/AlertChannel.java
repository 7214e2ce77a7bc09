package com.huntaze.rollout.alert;

import io.vertx.core.Future;

/** A way to tell people of alerts. Called on the alert verticle's context, one notice at a time. */
interface AlertChannel {
  /** The longest time that an attempt may take. */
  int ATTEMPT_MILLIS = 5_000;

  /** Tries once; ends within {@link #ATTEMPT_MILLIS}, and not with a failure. */
  Future<Attempted> send(Notice notice);

  /** Lets go of what it holds; nothing is sent after that. */
  default void close() {}
}
