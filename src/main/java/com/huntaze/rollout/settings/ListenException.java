package com.huntaze.rollout.settings;

/** An address beside the admin port's own cannot be listened on. */
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String setting;
  private final String host;
  private final int port;

  public ListenException(String setting, String host, int port, Throwable cause) {
    super(cause.getMessage(), cause);
    this.setting = setting;
    this.host = host;
    this.port = port;
  }

  /** Returns the name of the setting that says the port. */
  public String setting() {
    return setting;
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }
}
