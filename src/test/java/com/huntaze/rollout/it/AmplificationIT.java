package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bytes that a client makes the proxy send, with both providers failing so that every retry and
 * the failover happen: less than a hundred times as many. Over HTTP/2 a request counts as long as
 * HTTP/1.1 would write it: what fields by reference cost is not tried here.
 */
@ParameterizedClass
@EnumSource(Wire.class)
class AmplificationIT {
  @Parameter Wire wire;

  private static final int LIMIT = 100;
  private static final String FAILURE =
      "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy";

  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong attempts = new AtomicLong();

  private RawOrigin failing() {
    return new RawOrigin(
        call -> {
          sent.addAndGet(call.head().length() + call.body().length() + 2L);
          attempts.incrementAndGet();
          call.send(FAILURE);
        });
  }

  private static String post(String head, int body) {
    return "POST /route HTTP/1.1\r\nHost: p\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(head, body, "x".repeat(body));
  }

  @Test
  void noRequestMakesTheProxySendAHundredTimesItsBytes() throws Exception {
    try (RawOrigin foundry = failing();
        RawOrigin legacy = failing()) {
      JsonObject settings =
          RunningProxy.before("foundry", foundry.url(), legacy.url())
              .put("retryBudget", new JsonObject().put("ratio", 1.0).put("perSecond", 1_000));
      for (String provider : List.of("foundry", "legacy")) {
        settings
            .getJsonObject("providers")
            .getJsonObject(provider)
            .put("retry", new JsonObject().put("max", 3).put("delay", "1ms"))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
      }
      try (RunningProxy proxy = RunningProxy.start(wire, settings)) {
        for (String request :
            List.of(
                "GET / HTTP/1.1\r\nHost: p\r\n\r\n",
                post("", 0),
                post("", 1),
                post("", 1_000),
                post("", 100_000),
                post("X-User-ID: u\r\n", 1),
                post("X-A: " + "a".repeat(8_000) + "\r\n", 1))) {
          sent.set(0);
          attempts.set(0);
          try (TextClient client = proxy.client()) {
            client.send(request).readUntil("busy");
          }
          double factor = (double) sent.get() / request.length();
          System.out.printf(
              "%s: %d bytes in, %d out in %d attempts: %.1f%n",
              wire, request.length(), sent.get(), attempts.get(), factor);
          assertThat(attempts.get()).isEqualTo(8);
          assertThat(factor).as(request.substring(0, 20)).isLessThan(LIMIT);
        }
      }
    }
  }
}
