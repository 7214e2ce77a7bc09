package com.huntaze.rollout.http;

import io.vertx.core.http.HttpHeaders;

/** The header names of our own contract. */
public final class HeaderNames {
  public static final CharSequence CORRELATION_ID = HttpHeaders.createOptimized("X-Correlation-ID");
  public static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-ID");
  public static final CharSequence ANTHROPIC_REQUEST_ID = HttpHeaders.createOptimized("request-id");
  public static final CharSequence USER_ID = HttpHeaders.createOptimized("X-User-ID");
  public static final CharSequence REQUEST_TYPE = HttpHeaders.createOptimized("X-AI-Request-Type");
  public static final CharSequence CLIENT_TIER = HttpHeaders.createOptimized("X-Client-Tier");
  public static final CharSequence MODEL = HttpHeaders.createOptimized("X-AI-Model");
  public static final CharSequence DEPLOYMENT = HttpHeaders.createOptimized("X-AI-Deployment");
  public static final CharSequence REGION = HttpHeaders.createOptimized("X-AI-Region");
  public static final CharSequence COST_USD = HttpHeaders.createOptimized("X-AI-Cost-USD");
  public static final CharSequence PROVIDER = HttpHeaders.createOptimized("X-AI-Provider");
  public static final CharSequence REASON = HttpHeaders.createOptimized("X-AI-Reason");
  public static final CharSequence SHOULD_RETRY = HttpHeaders.createOptimized("x-should-retry");
  public static final CharSequence ATTEMPTS = HttpHeaders.createOptimized("X-AI-Attempts");
  public static final CharSequence STAINLESS_RETRY_COUNT =
      HttpHeaders.createOptimized("x-stainless-retry-count");
  public static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  public static final CharSequence MAX_FORWARDS = HttpHeaders.createOptimized("Max-Forwards");
  public static final CharSequence TRACESTATE = HttpHeaders.createOptimized("tracestate");
  public static final CharSequence VIA = HttpHeaders.createOptimized("Via");
  public static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
  public static final CharSequence FORWARDED_HOST = HttpHeaders.createOptimized("X-Forwarded-Host");
  public static final CharSequence FORWARDED_PROTO =
      HttpHeaders.createOptimized("X-Forwarded-Proto");
  public static final CharSequence FALLBACK = HttpHeaders.createOptimized("X-AI-Fallback");
  public static final CharSequence ACCEL_BUFFERING =
      HttpHeaders.createOptimized("X-Accel-Buffering");

  /** A provider's own id of a request: OpenAI's and Azure's. */
  public static final CharSequence UPSTREAM_REQUEST_ID = REQUEST_ID;

  /** The id of Azure's API management, which is in front of a deployment. */
  public static final CharSequence APIM_REQUEST_ID = HttpHeaders.createOptimized("apim-request-id");

  private HeaderNames() {}
}
