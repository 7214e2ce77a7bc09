package com.huntaze.rollout.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorsTest {
  private static final String PAGE = "https://app.example";

  /** A browser hides from its page what is not named, and SDKs in browsers read these. */
  @Test
  void aPageReadsAllThatWeTellInAnAnswersHead() {
    MultiMap answer = MultiMap.caseInsensitiveMultiMap();
    Cors.allow(
        new CorsSettings(List.of(PAGE)),
        MultiMap.caseInsensitiveMultiMap().add("Origin", PAGE),
        answer);
    assertThat(answer.get("Access-Control-Expose-Headers").split(", "))
        .contains(
            "X-Correlation-ID",
            "x-request-id",
            "request-id",
            "Retry-After",
            "retry-after-ms",
            "x-should-retry",
            "RateLimit",
            "RateLimit-Policy",
            "X-AI-Provider",
            "X-AI-Reason",
            "X-AI-Fallback",
            "X-AI-Attempts",
            "X-AI-Model",
            "X-AI-Deployment",
            "X-AI-Region",
            "X-AI-Cost-USD")
        .doesNotHaveDuplicates();
  }
}
