package com.huntaze.rollout.outcome;

import java.util.Locale;

/**
 * The reasons for which no connection to a provider could be had. Nothing of the request was sent.
 */
public enum UnreachableCause {
  /** The provider's host refused the connection. */
  CONNECT_REFUSED,
  /** The connection was not made in time. */
  CONNECT_TIMEOUT,
  /** The provider's host name is not known. */
  UNKNOWN_HOST,
  /** The TLS handshake failed. */
  TLS,
  /** All connections of our pool are in use: our own bound, not the provider's fault. */
  POOL_FULL,
  /** Any other failure before the request was sent, such as no route to the host. */
  OTHER;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Short and stable, for metrics and logs: {@code connect_refused}. */
  public String label() {
    return label;
  }
}
