package com.huntaze.rollout.telemetry;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** The log as a whole. */
public final class LogOutput {
  private LogOutput() {}

  /** Writes what is still queued, and ends the log. The last thing that a process does. */
  public static void finish() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
