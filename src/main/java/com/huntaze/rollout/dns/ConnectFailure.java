package com.huntaze.rollout.dns;

import com.huntaze.rollout.outcome.UnreachableCause;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** The reading of a failure to get a connection from a {@link Dialer}. */
public final class ConnectFailure {
  private ConnectFailure() {}

  /** The cause, as metrics, log and alerts name it. */
  public static UnreachableCause of(Throwable failure) {
    if (failure instanceof ConnectionPoolTooBusyException) {
      return UnreachableCause.POOL_FULL;
    } else if (failure instanceof UnknownHostException) {
      return UnreachableCause.UNKNOWN_HOST;
    } else if (failure instanceof SSLException) {
      return UnreachableCause.TLS;
    } else if (failure instanceof TimeoutException || failure instanceof ConnectTimeoutException) {
      return UnreachableCause.CONNECT_TIMEOUT;
    }
    return failure instanceof ConnectException
        ? UnreachableCause.CONNECT_REFUSED
        : UnreachableCause.OTHER;
  }
}
