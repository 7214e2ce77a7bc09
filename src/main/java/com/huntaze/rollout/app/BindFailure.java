package com.huntaze.rollout.app;

import com.huntaze.rollout.settings.ListenException;
import io.vertx.core.Future;
import java.net.BindException;
import java.util.Map;
import java.util.function.Function;

/** Turns the failure of a listener into the sentence that tells what to do. */
final class BindFailure {
  private static final Map<String, String> FLAGS =
      Map.of("server.port", "--port", "admin.port", "--admin-port");

  /** The others have to know it, so it takes no free port of the system's choice. */
  private static final String CLUSTER = "cluster.port";

  private BindFailure() {}

  /** Fails with the sentence in place of a listener's failure. */
  static <T> Function<Throwable, Future<T>> at(String setting, String host, int port) {
    return failure -> Future.failedFuture(describe(setting, host, port, failure));
  }

  static StartException describe(String setting, String host, int port, Throwable failure) {
    if (failure instanceof ListenException other) {
      return describe(other.setting(), other.host(), other.port(), other.getCause());
    }
    String flag = FLAGS.get(setting);
    String remedy =
        flag == null
            ? "another port in a configuration of your own (run --config)"
            : flag + " takes another";
    if (isInUse(failure)) {
      return new StartException(
          "%s: %d is already in use on %s (expected: a free port; %s%s)"
              .formatted(
                  setting, port, host, remedy, setting.equals(CLUSTER) ? "" : ", 0 takes any"),
          failure);
    }
    if (mentions(failure, "Permission denied")) {
      return new StartException(
          "%s: %d may not be listened on by this user (expected: a port from 1024 on; %s)"
              .formatted(setting, port, remedy),
          failure);
    }
    return new StartException(
        "%s: %s:%d cannot be listened on: %s (expected: an address of this machine)"
            .formatted(setting, host, port, failure.getMessage()),
        failure);
  }

  private static boolean isInUse(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException && String.valueOf(cause.getMessage()).isEmpty()) {
        return true;
      }
    }
    return mentions(failure, "in use") || mentions(failure, "No available port to bind to");
  }

  private static boolean mentions(Throwable failure, String text) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(text)) {
        return true;
      }
    }
    return false;
  }
}
