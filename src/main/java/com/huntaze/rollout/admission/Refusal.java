package com.huntaze.rollout.admission;

import com.huntaze.rollout.failover.ErrorCode;
import java.util.Map;

/** A request that is answered by an error of ours before any provider is called. */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final transient Map<String, String> headers;
  private final boolean closes;

  private Refusal(ErrorCode code, String message, Map<String, String> headers, boolean closes) {
    super(message, null, false, false);
    this.code = code;
    this.headers = headers;
    this.closes = closes;
  }

  /** A refusal that leaves the connection open and adds no header field. */
  public Refusal(ErrorCode code, String message) {
    this(code, message, Map.of(), false);
  }

  /** After a message that could be read in two ways nothing on its connection can be trusted. */
  public static Refusal malformed(String message) {
    return unreadable(ErrorCode.BAD_REQUEST, message);
  }

  /**
   * Refuses a request that could not be read to its end: where the next one begins is not known.
   */
  public static Refusal unreadable(ErrorCode code, String message) {
    return new Refusal(code, message, Map.of(), true);
  }

  /** One answer for a key that is missing, wrong or ambiguous: it must not help to find one. */
  static Refusal unauthorized() {
    return new Refusal(
        ErrorCode.UNAUTHORIZED,
        "API key: missing or not known (expected: a valid one in X-API-Key, api-key or"
            + " Authorization)",
        Map.of("WWW-Authenticate", "ApiKey"),
        false);
  }

  /** Foundry has it, and has no share any more. */
  public static Refusal leftBehind() {
    return new Refusal(
        ErrorCode.LEFT_BEHIND,
        "the request goes on with something that Foundry has, which serves no requests any more"
            + " (expected: a new conversation, or the file uploaded again)");
  }

  /**
   * For a path of our own, and a method that it does not take.
   *
   * @param allowed the methods that it takes
   */
  public static Refusal methodNotAllowed(String allowed) {
    return new Refusal(
        ErrorCode.METHOD_NOT_ALLOWED,
        "method: not allowed here (expected: " + allowed + ")",
        Map.of("Allow", allowed),
        false);
  }

  /** The process is about to end. */
  public static Refusal shuttingDown() {
    return new Refusal(
        ErrorCode.SHUTTING_DOWN,
        "the proxy is shutting down (expected: another one)",
        Map.of(),
        true);
  }

  /** Its connection came in over the limit, and goes with the answer. */
  static Refusal tooManyConnections() {
    return new Refusal(
        ErrorCode.OVERLOADED,
        "the proxy has as many connections as it may (expected: at most server.maxConnections)",
        Map.of(),
        true);
  }

  /** Over a limit of the caller's own. */
  static Refusal rateLimited(String message, Map<String, String> headers) {
    return new Refusal(ErrorCode.RATE_LIMITED, message, headers, false);
  }

  /** The error that the client is answered. */
  public ErrorCode code() {
    return code;
  }

  /** The header fields that the answer has beside the usual ones. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns whether the connection is closed even if its request was read whole. */
  public boolean closes() {
    return closes;
  }

  /** The same, after which nothing on the connection can be told apart. */
  public Refusal closing() {
    return new Refusal(code, getMessage(), headers, true);
  }
}
