package com.huntaze.rollout.failover;

/**
 * The errors that the proxy itself answers on the data port: the seed's four, and those from before
 * any provider was called.
 */
public enum ErrorCode {
  /** The chosen provider gave no answer, and no other was asked in its stead. */
  FOUNDRY_UNAVAILABLE(503, "upstream_error", true),
  /** Foundry gave no answer, and legacy, which was asked in its stead, gave none either. */
  FALLBACK_FAILED(502, "upstream_error", true),
  /** The caller's own rate limit. */
  RATE_LIMITED(429, "rate_limit_error", true),
  /** The request's deadline passed. */
  TIMEOUT(504, "upstream_error", true),
  /** No valid API key. */
  UNAUTHORIZED(401, "authentication_error", false),
  /** The request is malformed or ambiguous. */
  BAD_REQUEST(400, "invalid_request_error", false),
  /** Nothing stands under this path. */
  NOT_FOUND(404, "invalid_request_error", false),
  /** It is about an object of Foundry's, which has no share any more. */
  LEFT_BEHIND(410, "invalid_request_error", false),
  /** Something stands under this path, but not for this method. */
  METHOD_NOT_ALLOWED(405, "invalid_request_error", false),
  /** The body is over {@code server.maxBodyBytes}. */
  PAYLOAD_TOO_LARGE(413, "invalid_request_error", false),
  /** {@code Expect} asks for something else than 100-continue. */
  EXPECTATION_FAILED(417, "invalid_request_error", false),
  /** The request line is over its limit. */
  URI_TOO_LONG(414, "invalid_request_error", false),
  /** The headers are over {@code server.maxHeaderBytes}. */
  HEADERS_TOO_LARGE(431, "invalid_request_error", false),
  /** A bound of the proxy is reached: in flight, connections, or pool. */
  OVERLOADED(503, "overloaded_error", true),
  /** The proxy is draining before it stops. */
  SHUTTING_DOWN(503, "overloaded_error", true);

  private final int status;
  private final String type;
  private final boolean retryable;

  ErrorCode(int status, String type, boolean retryable) {
    this.status = status;
    this.type = type;
    this.retryable = retryable;
  }

  /** The HTTP status that it is answered with. */
  public int status() {
    return status;
  }

  /** The {@code type} that OpenAI's clients read. */
  public String type() {
    return type;
  }

  /** Returns whether the same request may succeed when it is sent again later. */
  public boolean retryable() {
    return retryable;
  }
}
