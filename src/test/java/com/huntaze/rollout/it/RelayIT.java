package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that pass, and the results of an upstream's faults. */
@ParameterizedClass
@EnumSource(Wire.class)
class RelayIT {
  @Parameter Wire wire;

  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

  private RunningProxy foundry(RawOrigin origin) {
    // One attempt and no other provider: what is passed on, and what is answered for it, shows.
    JsonObject once = new JsonObject().put("retry", new JsonObject().put("max", 0));
    return RunningProxy.start(
        wire,
        RunningProxy.before("foundry", origin.url(), UNUSED)
            .put("fallback", new JsonObject().put("enabled", false))
            .mergeIn(
                new JsonObject().put("providers", new JsonObject().put("foundry", once)), true));
  }

  private static String request(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: proxy\r\n\r\n";
  }

  @Test
  void passesStatusReasonHeadersAndBody() throws Exception {
    String answer =
        "HTTP/1.1 418 Short And Stout\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
            + "X-Thing: \u00e9 value\r\ncontent-length: 5\r\n\r\nhello";
    try (RawOrigin origin = new RawOrigin(call -> call.send(answer));
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      String seen = client.send(request("/any?x=%20y&z")).readUntil("hello");
      // HTTP/2 has no reason phrase, RFC 9113 §8.3.2.
      assertThat(seen)
          .startsWith(wire.isHttp2() ? "HTTP/1.1 418 " : "HTTP/1.1 418 Short And Stout\r\n");
      assertThat(seen).contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", "X-Thing: \u00e9 value");
      assertThat(seen).contains("X-AI-Provider: foundry", "X-AI-Reason: mode");
      assertThat(origin.nextHead()).startsWith("GET /any?x=%20y&z HTTP/1.1\n");
    }
  }

  @Test
  void countsItselfAmongThoseThatForward() throws Exception {
    String options = "OPTIONS /x HTTP/1.1\r\nHost: proxy\r\nMax-Forwards: %s\r\n\r\n";
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      assertThat(client.send(options.formatted("0")).readUntil("\r\n\r\n"))
          .startsWith("HTTP/1.1 204 ")
          .containsIgnoringCase("\r\nallow: GET, HEAD, POST")
          .contains("X-Correlation-ID: ");
      client.send(options.formatted("10")).readUntil("ok");
      assertThat(origin.nextHead()).containsIgnoringCase("\nmax-forwards: 9\n");
    }
  }

  @Test
  void datesAnAnswerThatHasNoDateAndLeavesAnother() throws Exception {
    String dated = "HTTP/1.1 200 OK\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\n";
    try (RawOrigin origin =
            new RawOrigin(
                call ->
                    call.send(
                        call.head().startsWith("GET /dated")
                            ? dated + "content-length: 2\r\n\r\nok"
                            : OK));
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      String known = client.send(request("/dated")).readUntil("ok");
      assertThat(known).containsOnlyOnce("ate: ").contains("Date: Tue, 15 Nov 1994 08:12:31 GMT");
      RawAnswer answer = RawAnswer.of(client.send(request("/")).readUntil("ok"));
      Instant date =
          Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(answer.header("date")));
      assertThat(date).isBetween(Instant.now().minusSeconds(20), Instant.now().plusSeconds(1));
    }
  }

  @Test
  void keepsConnectionsToTheUpstream() throws Exception {
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      for (int i = 0; i < 50; i++) {
        client.send(request("/" + i)).readUntil("ok");
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void setsItsOwnHeadersAndTakesAwayWhatClientsMayNotSay() throws Exception {
    String request =
        "POST /route HTTP/1.1\r\nHost: proxy\r\nContent-Length: 2\r\nConnection: x-hop, keep-alive\r\n"
            + (wire.isHttp2() ? "" : "X-Hop: 1\r\n")
            + "TE: trailers\r\nUpgrade: websocket\r\nX-AI-Provider: legacy\r\n"
            + "X-AI-Reason: spoofed\r\nX-Forwarded-For: 6.6.6.6\r\n"
            + "Forwarded: for=6.6.6.6\r\nVia: 1.0 edge\r\nX-User-ID: user-1\r\n"
            + "X-Correlation-ID: abc-1\r\nX-End: to-end\r\nazureml-model-deployment: blue\r\n\r\n{}";
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      String answer = client.send(request).readUntil("ok");
      assertThat(answer).contains("X-Correlation-ID: abc-1");
      String head = origin.nextHead();
      assertThat(head)
          .contains(
              "X-Forwarded-For: 127.0.0.1\n",
              "X-Forwarded-Proto: " + wire.scheme() + "\n",
              "X-Forwarded-Host: proxy",
              "Via: 1.0 edge, " + (wire.isHttp2() ? "2" : "1.1") + " rollout-proxy\n",
              "X-Correlation-ID: abc-1\n")
          .containsIgnoringCase("X-User-ID: user-1\n")
          .containsIgnoringCase("X-End: to-end\n");
      assertThat(head.toLowerCase(Locale.ROOT))
          .doesNotContain(
              "6.6.6.6", "x-hop", "\nte:", "upgrade", "websocket", "spoofed", "x-ai-", "blue");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization: Bearer k", "X-API-Key: k", "api-key: k"})
  void passesUnknownCredentialsToTheProviderOfTheMode(String credential) throws Exception {
    String request = "GET /x HTTP/1.1\r\nHost: proxy\r\n" + credential + "\r\n\r\n";
    for (String mode : new String[] {"foundry", "legacy"}) {
      try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
          RunningProxy proxy =
              RunningProxy.start(wire, RunningProxy.before(mode, origin.url(), origin.url()));
          TextClient client = proxy.client()) {
        client.send(request).readUntil("ok");
        String head = origin.nextHead().toLowerCase(Locale.ROOT);
        assertThat(head).as(mode).contains(credential.toLowerCase(Locale.ROOT));
      }
    }
  }

  @Test
  void makesAnIdForRequestsWithoutAUsableOne() throws Exception {
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = foundry(origin)) {
      HttpResponse<String> answer = proxy.get("/x", "X-Correlation-ID", "not ok: \u00a0");
      assertThat(answer.headers().firstValue("X-Correlation-ID").orElseThrow())
          .matches("[0-9a-f]{32}");
      assertThat(proxy.get("/x", "X-Request-ID", "rid.1").headers().firstValue("X-Correlation-ID"))
          .contains("rid.1");
    }
  }

  @Test
  void passesEventsOneByOne() throws Exception {
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  call.send(
                      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                          + "transfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
                  call.awaitClose();
                });
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      // The second event never comes: the first has to be here all the same.
      String seen = client.send(request("/route/stream")).readUntil("data: 1\n\n");
      assertThat(seen).contains("transfer-encoding: chunked", "X-Accel-Buffering: no");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "transfer-encoding: chunked\r\n\r\n5\r\nhel",
        "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
        "content-length: 400000\r\n\r\nhello"
      })
  void neverEndsATruncatedAnswerCleanly(String rest) throws Exception {
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  call.send("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n" + rest);
                  call.close();
                });
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      String seen = client.send(request("/x")).readToEnd();
      assertThat(seen).contains("hel").doesNotContain("\r\n0\r\n");
      assertThat(seen).startsWith("HTTP/1.1 200 OK\r\n");
    }
  }

  @Test
  void answersForAnUpstreamThatBreaksOffBeforeItsContent() throws Exception {
    for (String broken :
        new String[] {
          "",
          "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhel",
          "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
          "not http at all\r\n\r\n"
        }) {
      try (RawOrigin origin =
              new RawOrigin(
                  call -> {
                    call.send(broken);
                    call.close();
                  });
          RunningProxy proxy = foundry(origin)) {
        HttpResponse<String> answer = proxy.post("/route", "{}");
        assertThat(answer.statusCode()).as(broken).isEqualTo(503);
        assertThat(answer.body())
            .contains("\"success\":false", "\"code\":\"FOUNDRY_UNAVAILABLE\"")
            .contains(answer.headers().firstValue("X-Correlation-ID").orElseThrow());
        assertThat(answer.headers().firstValue("X-AI-Attempts")).contains("1");
        assertThat(answer.headers().firstValue("x-should-retry")).isEmpty();
      }
    }
  }

  @Test
  void answersWhenNobodyListens() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.start(wire, RunningProxy.before("legacy", UNUSED, "http://127.0.0.1:1"))) {
      HttpResponse<String> answer = proxy.post("/route", "{}");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body())
          .contains("FOUNDRY_UNAVAILABLE", "legacy: it refused the connection");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {102, 104, 199})
  void neverHandsOneCallersAnswerToTheNext(int interim) throws Exception {
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  if (call.head().contains("/first")) {
                    call.send("HTTP/1.1 " + interim + " Odd\r\n\r\n");
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nSECRET");
                  } else {
                    call.send(OK);
                  }
                });
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      for (int i = 0; i < 5; i++) {
        String first = client.send(request("/first")).readUntil("SECRET");
        assertThat(first).startsWith("HTTP/1.1 200 ");
        assertThat(client.send(request("/second")).readUntil("ok")).doesNotContain("SECRET");
      }
    }
  }

  @Test
  void passesHeadAndBodilessAnswers() throws Exception {
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  if (call.head().startsWith("HEAD")) {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n");
                  } else if (call.head().contains("/204")) {
                    call.send("HTTP/1.1 204 No Content\r\n\r\n");
                  } else {
                    call.send("HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n");
                  }
                });
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      String head = client.send("HEAD /h HTTP/1.1\r\nHost: p\r\n\r\n").readUntil("\r\n\r\n");
      assertThat(head).startsWith("HTTP/1.1 200").containsIgnoringCase("content-length: 1234");
      String none = client.send(request("/204")).readUntil("\r\n\r\n");
      assertThat(none).startsWith("HTTP/1.1 204");
      assertThat(none.toLowerCase(Locale.ROOT))
          .doesNotContain("content-length", "transfer-encoding");
      String same = client.send(request("/304")).readUntil("\r\n\r\n");
      assertThat(same).startsWith("HTTP/1.1 304").containsIgnoringCase("etag: \"x\"");
      assertThat(same.toLowerCase(Locale.ROOT))
          .doesNotContain("content-length", "transfer-encoding");
    }
  }

  @Test
  void refusesABodyOverTheLimitBeforeItIsSent() throws Exception {
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                RunningProxy.before("foundry", origin.url(), UNUSED)
                    .put("server", new JsonObject().put("maxBodyBytes", 1_000)));
        TextClient client = proxy.client()) {
      client.send("POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 1001\r\n\r\n");
      assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 413").contains("PAYLOAD_TOO_LARGE");
      try (TextClient chunked = proxy.client()) {
        chunked.send("POST /route HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n");
        chunked.send("3e9\r\n" + "x".repeat(1_001) + "\r\n");
        assertThat(chunked.readUntil("}}")).startsWith("HTTP/1.1 413");
      }
      assertThat(origin.nextHead(100)).isNull();
    }
  }

  @Test
  void answersExpectContinueAndTakesTheBody() throws Exception {
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      client.send(
          "POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");
      assertThat(client.send("{}").readUntil("ok")).startsWith("HTTP/1.1 200");
      assertThat(origin.nextHead()).doesNotContainIgnoringCase("expect:");
    }
  }

  @Test
  void tellsWhetherItIsReady() throws IOException {
    try (RunningProxy proxy =
        RunningProxy.start(wire, RunningProxy.before("legacy", UNUSED, UNUSED))) {
      assertThat(proxy.get("/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void doesNotAskForABodyThatItIsAboutToRefuse() throws Exception {
    try (RawOrigin origin = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = foundry(origin);
        TextClient client = proxy.client()) {
      client.send(
          "POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 99999999\r\n"
              + "Expect: 100-continue\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void countsAContentFilterApartAndPassesItOn() throws Exception {
    String body = "{\"error\":{\"code\":\"content_filter\",\"message\":\"no\"}}";
    String head = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n";
    try (RawOrigin origin =
            new RawOrigin(
                call -> call.send(head + "content-length: " + body.length() + "\r\n\r\n" + body));
        RunningProxy proxy = foundry(origin)) {
      HttpResponse<String> answer = proxy.post("/route", "{}");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo(body);
      // An attempt is counted when it ends, which its client may see a moment before.
      new Metered(proxy.adminPort())
          .awaitValue("rollout_attempts_total{outcome=\"content_filter\",provider=\"foundry\"}", 1);
    }
  }
}
