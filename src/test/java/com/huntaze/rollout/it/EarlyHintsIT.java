package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A client gets the 103s of the answer that it gets, and of no other attempt. */
@ParameterizedClass
@EnumSource(Wire.class)
class EarlyHintsIT {
  @Parameter Wire wire;

  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n";
  private static final String FAILS = "HTTP/1.1 503 Busy\r\ncontent-length: 2\r\n\r\nno";

  private static String hint(String name) {
    return "HTTP/1.1 103 Early Hints\r\nLink: </" + name + ">; rel=preload\r\n\r\n";
  }

  private static JsonObject settings(String foundry, String legacy) {
    JsonObject settings = RunningProxy.before("foundry", foundry, legacy);
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("retry", new JsonObject().put("delay", "10ms"));
    return settings;
  }

  private static String ask(RunningProxy proxy, String path) throws Exception {
    try (TextClient client = proxy.client()) {
      client.send(
          "POST "
              + path
              + " HTTP/1.1\r\nHost: p\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return client.readToEnd();
    }
  }

  @Test
  void thoseOfAnAttemptThatIsRetriedGoWithIt() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    RawOrigin.Script thirdTime =
        call -> {
          int number = calls.incrementAndGet();
          call.send(hint("first-of-" + number) + hint("second-of-" + number));
          call.send(number < 3 ? FAILS : OK + "ok");
        };
    try (RawOrigin foundry = new RawOrigin(thirdTime);
        RunningProxy proxy = RunningProxy.start(wire, settings(foundry.url(), foundry.url()))) {
      String read = ask(proxy, "/route");
      assertThat(read)
          .containsSubsequence("103 ", "/first-of-3", "103 ", "/second-of-3", " 200 OK", "ok")
          .doesNotContain("of-1", "of-2");
      assertThat(read.split("HTTP/1.1 103 ")).hasSize(3);
    }
  }

  @Test
  void thoseOfFoundryGoWhenLegacyAnswers() throws Exception {
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(hint("foundry"));
                  call.reset();
                });
        RawOrigin legacy = new RawOrigin(call -> call.send(hint("legacy") + OK + "ok"));
        RunningProxy proxy = RunningProxy.start(wire, settings(foundry.url(), legacy.url()))) {
      assertThat(ask(proxy, "/route"))
          .startsWith(hint("legacy").substring(0, 20))
          .contains("</legacy>")
          .doesNotContain("</foundry>");
    }
  }

  @Test
  void thoseOfAnAnswerOfOursAreNone() throws Exception {
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(hint("foundry"));
                  call.reset();
                });
        RunningProxy proxy =
            RunningProxy.start(wire, settings(foundry.url(), "http://127.0.0.1:1"))) {
      assertThat(ask(proxy, "/route")).startsWith("HTTP/1.1 502 ").doesNotContain("</foundry>");
    }
  }

  @Test
  void theyAreEarlyWhereNothingCanFollow() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(hint("foundry"));
                  seen.await();
                  call.send(OK + "ok");
                });
        RunningProxy proxy = RunningProxy.start(wire, settings(foundry.url(), foundry.url()));
        TextClient client = proxy.client()) {
      // Not to be sent twice: the attempt is the only one.
      client.send("POST /jobs HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n");
      client.readUntil("</foundry>; rel=preload\r\n\r\n");
      seen.countDown();
      client.readUntil("ok");
    }
  }
}
