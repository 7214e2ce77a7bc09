package com.huntaze.rollout.app;

import java.net.BindException;
import java.util.Map;

/** Turns the failure of a listener into the sentence that tells what to do. */
final class BindFailure {
  private static final Map<String, String> FLAGS =
      Map.of("server.port", "--port", "admin.port", "--admin-port");

  private BindFailure() {}

  static StartException describe(String setting, String host, int port, Throwable failure) {
    String flag = FLAGS.get(setting);
    String remedy = flag == null ? "another port in the configuration" : flag + " takes another";
    if (isInUse(failure)) {
      return new StartException(
          "%s: %d is already in use on %s (expected: a free port; %s, 0 takes any)"
              .formatted(setting, port, host, remedy),
          failure);
    }
    return new StartException(
        "%s: %s:%d cannot be listened on: %s (expected: an address of this machine)"
            .formatted(setting, host, port, failure.getMessage()),
        failure);
  }

  private static boolean isInUse(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("in use") || cause instanceof BindException && message.isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
