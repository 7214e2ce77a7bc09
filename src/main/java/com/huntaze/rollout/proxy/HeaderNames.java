package com.huntaze.rollout.proxy;

import io.vertx.core.http.HttpHeaders;

/** The header names of our own contract. */
final class HeaderNames {
  static final CharSequence CORRELATION_ID = HttpHeaders.createOptimized("X-Correlation-ID");
  static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-ID");
  static final CharSequence ANTHROPIC_REQUEST_ID = HttpHeaders.createOptimized("request-id");
  static final CharSequence USER_ID = HttpHeaders.createOptimized("X-User-ID");
  static final CharSequence REQUEST_TYPE = HttpHeaders.createOptimized("X-AI-Request-Type");
  static final CharSequence CLIENT_TIER = HttpHeaders.createOptimized("X-Client-Tier");
  static final CharSequence MODEL = HttpHeaders.createOptimized("X-AI-Model");
  static final CharSequence DEPLOYMENT = HttpHeaders.createOptimized("X-AI-Deployment");
  static final CharSequence REGION = HttpHeaders.createOptimized("X-AI-Region");
  static final CharSequence COST_USD = HttpHeaders.createOptimized("X-AI-Cost-USD");
  static final CharSequence PROVIDER = HttpHeaders.createOptimized("X-AI-Provider");
  static final CharSequence REASON = HttpHeaders.createOptimized("X-AI-Reason");
  static final CharSequence SHOULD_RETRY = HttpHeaders.createOptimized("x-should-retry");
  static final CharSequence ATTEMPTS = HttpHeaders.createOptimized("X-AI-Attempts");
  static final CharSequence STAINLESS_RETRY_COUNT =
      HttpHeaders.createOptimized("x-stainless-retry-count");
  static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  static final CharSequence MAX_FORWARDS = HttpHeaders.createOptimized("Max-Forwards");
  static final CharSequence TRACESTATE = HttpHeaders.createOptimized("tracestate");
  static final CharSequence VIA = HttpHeaders.createOptimized("Via");
  static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
  static final CharSequence FORWARDED_HOST = HttpHeaders.createOptimized("X-Forwarded-Host");
  static final CharSequence FORWARDED_PROTO = HttpHeaders.createOptimized("X-Forwarded-Proto");
  static final CharSequence FALLBACK = HttpHeaders.createOptimized("X-AI-Fallback");
  static final CharSequence ACCEL_BUFFERING = HttpHeaders.createOptimized("X-Accel-Buffering");

  /** A provider's own id of a request: OpenAI's and Azure's. */
  static final CharSequence UPSTREAM_REQUEST_ID = REQUEST_ID;

  /** The id of Azure's API management, which is in front of a deployment. */
  static final CharSequence APIM_REQUEST_ID = HttpHeaders.createOptimized("apim-request-id");

  private HeaderNames() {}
}
