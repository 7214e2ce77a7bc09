package com.huntaze.rollout.probe;

import com.huntaze.rollout.dns.ConnectFailure;
import com.huntaze.rollout.outcome.UnreachableCause;
import com.huntaze.rollout.settings.DurationText;
import com.huntaze.rollout.settings.HttpUrl;

/**
 * The way in which a probe has failed.
 *
 * @param cause short and stable: {@code connect_refused} and the like as attempts have them, {@code
 *     status_503}, {@code timeout} (connected, and no answer) or {@code closed}
 * @param why the same for people, without the provider's name
 */
record ProbeFailure(String cause, String why) {

  /** The provider is there and says that it is ill. */
  static ProbeFailure status(ProbeTarget target, int status) {
    return new ProbeFailure("status_" + status, "%s is answered %d".formatted(get(target), status));
  }

  /** It has taken the connection and the question, and says nothing. */
  static ProbeFailure silent(ProbeTarget target) {
    return new ProbeFailure(
        "timeout", "%s has no answer within %s".formatted(get(target), time(target)));
  }

  /** It has taken the connection, and ended it. */
  static ProbeFailure closed(ProbeTarget target) {
    return new ProbeFailure("closed", get(target) + " is hung up on without an answer");
  }

  /** There is no connection to ask on. */
  static ProbeFailure unreachable(ProbeTarget target, String provider, Throwable failure) {
    UnreachableCause cause = ConnectFailure.of(failure);
    HttpUrl url = target.url();
    String where = url.authority();
    return new ProbeFailure(
        cause.label(),
        switch (cause) {
          case CONNECT_REFUSED -> "%s refuses connections, nobody listens there".formatted(where);
          case CONNECT_TIMEOUT -> "no connection to %s within %s".formatted(where, time(target));
          case UNKNOWN_HOST -> "no name server knows an address of %s".formatted(url.host());
          case TLS -> tls(where, provider, failure);
          case POOL_FULL, OTHER -> "%s cannot be reached".formatted(where);
        });
  }

  private static String tls(String where, String provider, Throwable failure) {
    StringBuilder causes = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      causes.append(cause).append('\n');
    }
    String all = causes.toString();
    if (all.contains("not an SSL/TLS record") || all.contains("unrecognized SSL message")) {
      return "%s speaks plain HTTP, and the URL says https".formatted(where);
    } else if (all.contains("valid certification path") || all.contains("self-signed")) {
      return "the certificate of %s is of an authority that is not trusted (providers.%s.tls.ca)"
          .formatted(where, provider);
    } else if (all.contains("NotAfter")) {
      return "the certificate of %s has expired".formatted(where);
    } else if (all.contains("No subject alternative") || all.contains("No name matching")) {
      return "the certificate of %s is another name's".formatted(where);
    }
    return "the TLS handshake with %s fails".formatted(where);
  }

  private static String get(ProbeTarget target) {
    return "GET %s%s".formatted(target.url().path(), target.settings().path());
  }

  private static String time(ProbeTarget target) {
    return DurationText.format(target.settings().timeout());
  }
}
