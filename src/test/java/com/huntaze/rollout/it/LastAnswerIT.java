package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * If any provider answered, its last answer passes as it is: whichever bound ends the attempts, and
 * however large or slow that answer is.
 */
@ParameterizedClass
@EnumSource(Wire.class)
@Tag("heavy")
class LastAnswerIT {
  @Parameter Wire wire;

  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  private static final String LARGE = "x".repeat(300_000);

  /** Shorter than a slow answer takes. */
  private static final String HOLD = "200ms";

  /** The shape of a failing answer. */
  private enum Shape {
    LARGE_DECLARED {
      @Override
      void send(RawOrigin.Call call, String head) throws IOException {
        call.send(head + "content-length: " + LARGE.length() + "\r\n\r\n" + LARGE);
      }
    },
    LARGE_CHUNKED {
      @Override
      void send(RawOrigin.Call call, String head) throws IOException {
        call.send(head + "transfer-encoding: chunked\r\n\r\n");
        call.send("%x\r\n%s\r\n0\r\n\r\n".formatted(LARGE.length(), LARGE));
      }
    },
    SLOW {
      @Override
      void send(RawOrigin.Call call, String head) throws IOException {
        call.send(head + "content-length: 8\r\n\r\n");
        for (int i = 0; i < 8; i++) {
          Waits.pause(Duration.ofMillis(100));
          call.send("s");
        }
      }
    };

    abstract void send(RawOrigin.Call call, String head) throws IOException;

    String body() {
      return this == SLOW ? "ssssssss" : LARGE;
    }
  }

  private static RawOrigin failing(Shape shape, String fields) {
    return new RawOrigin(
        call ->
            shape.send(
                call,
                "HTTP/1.1 503 Busy\r\ncontent-type: application/json\r\nx-cause: load\r\n"
                    + fields));
  }

  private static JsonObject settings(String mode, String foundry, String legacy, int retries) {
    JsonObject settings =
        RunningProxy.before(mode, foundry, legacy)
            .put("server", new JsonObject().put("holdBack", HOLD))
            .put("retryBudget", new JsonObject().put("ratio", 0).put("perSecond", retries))
            .put(
                "timeouts",
                new JsonObject().put("toFirstContent", "10s").put("fallbackReserve", "4s"));
    for (String provider : new String[] {"foundry", "legacy"}) {
      settings
          .getJsonObject("providers")
          .getJsonObject(provider)
          .put("retry", new JsonObject().put("delay", "10ms"));
    }
    return settings;
  }

  private static JsonObject alone(JsonObject settings) {
    return settings.put("fallback", new JsonObject().put("enabled", false));
  }

  private void passes(JsonObject settings, Shape shape, String provider) throws IOException {
    try (RunningProxy proxy = RunningProxy.start(wire, settings)) {
      HttpResponse<String> answer = proxy.post("/route", "{}");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo(shape.body());
      assertThat(answer.headers().firstValue("x-cause")).contains("load");
      assertThat(answer.headers().firstValue("X-AI-Provider")).contains(provider);
      boolean repeated = !answer.headers().firstValue("X-AI-Attempts").orElseThrow().equals("1");
      assertThat(answer.headers().firstValue("x-should-retry").isPresent())
          .isEqualTo(repeated && answer.headers().firstValue("retry-after").isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whenTheBudgetIsUsedUp(Shape shape) throws Exception {
    try (RawOrigin foundry = failing(shape, "")) {
      passes(alone(settings("foundry", foundry.url(), foundry.url(), 0)), shape, "foundry");
      assertThat(foundry.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whenTheBudgetEndsAmongTheRetries(Shape shape) throws Exception {
    try (RawOrigin foundry = failing(shape, "")) {
      // One retry a second: the second has to wait for the next one.
      passes(alone(settings("foundry", foundry.url(), foundry.url(), 1)), shape, "foundry");
      assertThat(foundry.nextHead(0)).isNotNull();
      assertThat(foundry.nextHead(0)).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whenTheTimeIsUsedUp(Shape shape) throws Exception {
    try (RawOrigin foundry = failing(shape, "retry-after: 60\r\n")) {
      passes(alone(settings("foundry", foundry.url(), foundry.url(), 10)), shape, "foundry");
      assertThat(foundry.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whenTheRetriesAreUsedUp(Shape shape) throws Exception {
    try (RawOrigin foundry = failing(shape, "")) {
      passes(alone(settings("foundry", foundry.url(), foundry.url(), 10)), shape, "foundry");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whenLegacyHasNoBudgetEither(Shape shape) throws Exception {
    try (RawOrigin foundry = failing(shape, "");
        RawOrigin legacy = failing(shape, "")) {
      passes(settings("foundry", foundry.url(), legacy.url(), 0), shape, "legacy");
      assertThat(foundry.connections()).isEqualTo(1);
      assertThat(legacy.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whenOnlyLegacyIsAsked(Shape shape) throws Exception {
    try (RawOrigin legacy = failing(shape, "")) {
      passes(settings("legacy", "http://127.0.0.1:1", legacy.url(), 0), shape, "legacy");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotTheLastAnswerIsMadeUpFor(Shape shape) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    RawOrigin.Script once =
        call -> {
          if (calls.incrementAndGet() == 1) {
            shape.send(call, "HTTP/1.1 503 Busy\r\n");
          } else {
            call.send(OK);
          }
        };
    try (RawOrigin foundry = new RawOrigin(once);
        RunningProxy proxy =
            RunningProxy.start(
                wire, alone(settings("foundry", foundry.url(), foundry.url(), 10)))) {
      HttpResponse<String> answer = proxy.post("/route", "{}");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("ok");
    }
  }

  @Test
  void aSmallAnswerPassesAlsoWhenLaterAttemptsGetNone() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    RawOrigin.Script once =
        call -> {
          if (calls.incrementAndGet() == 1) {
            call.send("HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy");
          } else {
            call.reset();
          }
        };
    try (RawOrigin foundry = new RawOrigin(once);
        RunningProxy proxy =
            RunningProxy.start(
                wire, alone(settings("foundry", foundry.url(), foundry.url(), 10)))) {
      HttpResponse<String> answer = proxy.post("/route", "{}");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("busy");
    }
  }
}
