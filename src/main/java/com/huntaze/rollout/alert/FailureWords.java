package com.huntaze.rollout.alert;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.HttpClosedException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Reasons for which something could not be sent, in words of our own: an exception's message may
 * hold a URL, and a webhook's URL is its credential.
 */
final class FailureWords {
  private static final int DEEPEST = 4;

  private FailureWords() {}

  static String of(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < DEEPEST; i++) {
      String words = known(cause);
      if (words != null) {
        return words;
      }
      cause = cause.getCause();
    }
    return failure.getClass().getSimpleName();
  }

  private static String known(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return "the host name is not known";
    } else if (cause instanceof TimeoutException || cause instanceof ConnectTimeoutException) {
      return "no answer within %d ms".formatted(AlertChannel.ATTEMPT_MILLIS);
    } else if (cause instanceof ConnectException) {
      return "no connection";
    } else if (cause instanceof SSLException) {
      return "the TLS handshake failed";
    }
    return cause instanceof HttpClosedException ? "closed without an answer" : null;
  }
}
