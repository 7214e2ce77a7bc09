package com.huntaze.rollout.outcome;

/** The shapes in which the callers of a path read errors. */
public enum ErrorShape {
  /** An {@code error} with code, type and message, which OpenAI's and Azure's clients read. */
  OPENAI,
  /** Anthropic's: {@code {"type": "error", "error": {"type", "message"}, "request_id"}}. */
  ANTHROPIC,
  /** Google's: {@code {"error": {"code": 503, "message", "status": "UNAVAILABLE", "details"}}}. */
  GOOGLE
}
