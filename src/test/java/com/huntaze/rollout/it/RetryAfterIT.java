package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Validates: Requirements 6.2. The wait before a retry, between the end of one answer and the
 * arrival of the next request at the provider.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class RetryAfterIT {
  private static final double ROUNDING_MILLIS = 3;

  /** A busy machine may be late, never early. */
  private static final double LATE_MILLIS = 10_000;

  private static final String OK =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n"
          + "{\"output\":\"hi\"}";

  @Parameter Wire wire;

  /** The waits in milliseconds before each retry of one request that fails so and then succeeds. */
  private List<Double> waits(String... failures) throws Exception {
    List<Long> asked = Collections.synchronizedList(new ArrayList<>());
    RawOrigin.Script script =
        call -> {
          int before = asked.size();
          asked.add(System.nanoTime());
          call.send(before < failures.length ? failures[before] : OK);
        };
    try (RawOrigin foundry = new RawOrigin(script);
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1")
                    .put("fallback", new JsonObject().put("enabled", false)))) {
      assertThat(proxy.post("/route", "{\"prompt\":\"x\"}").statusCode()).isEqualTo(200);
    }
    assertThat(asked).hasSize(failures.length + 1);
    List<Double> waits = new ArrayList<>();
    for (int i = 1; i < asked.size(); i++) {
      waits.add((asked.get(i) - asked.get(i - 1)) / 1e6);
    }
    return waits;
  }

  private static String failed(int status, String fields) {
    return "HTTP/1.1 %d No\r\n%sContent-Length: 0\r\n\r\n".formatted(status, fields);
  }

  private static void lasts(double wait, double least) {
    assertThat(wait).isBetween(least - ROUNDING_MILLIS, least + LATE_MILLIS);
  }

  @Test
  void aProviderIsNotAskedBeforeTheSecondThatItWishesFor() throws Exception {
    lasts(waits(failed(429, "Retry-After: 1\r\n")).get(0), 1_000);
    lasts(waits(failed(503, "Retry-After: 1\r\n")).get(0), 1_000);
    lasts(waits(failed(503, "retry-after-ms: 600\r\n")).get(0), 600);
  }

  @Test
  void withoutAWishTheWaitsDouble() throws Exception {
    String none = failed(503, "");
    List<Double> waits = waits(none, none, none);
    for (int retry = 0; retry < 3; retry++) {
      lasts(waits.get(retry), 250 * Math.pow(2, retry) * 0.9);
    }
  }
}
