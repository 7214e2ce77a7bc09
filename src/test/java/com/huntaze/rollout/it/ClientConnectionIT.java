package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several requests on one client's connection, and the ways in which it can end (RFC 9112 §9): each
 * has its own answer, in order, and after each test the next good request is answered.
 */
class ClientConnectionIT {
  private static RawOrigin origin;
  private static RunningProxy proxy;

  @BeforeAll
  static void start() {
    origin = new RawOrigin(ClientConnectionIT::answer);
    proxy = RunningProxy.start(RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1"));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  /** Answers with the request's path and the length of its body; as one event if it is a stream. */
  private static void answer(RawOrigin.Call call) throws IOException {
    String said = call.head().split(" ")[1] + "=" + call.body().length() + ";";
    if (said.startsWith("/route/stream")) {
      String event = "data: " + said + "\n\n";
      call.send(
          "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n"
              + "\r\n%x\r\n%s\r\n0\r\n\r\n".formatted(event.length(), event));
    } else {
      call.send("HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s".formatted(said.length(), said));
    }
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: p\r\n\r\n";
  }

  private static String post(String path, String fields, String body) {
    return "POST " + path + " HTTP/1.1\r\nHost: p\r\n" + fields + "\r\n" + body;
  }

  @AfterEach
  void theNextGoodRequestIsAnswered() throws IOException {
    try (RawClient next = new RawClient(proxy.port())) {
      assertThat(next.send(get("/good")).readUntil("/good=0;")).startsWith("HTTP/1.1 200 ");
      assertThat(next.send(get("/again")).readUntil("/again=0;")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void requestsInOneWriteAreAnsweredInOrder() throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(
          get("/1")
              + post("/2", "Content-Length: 3\r\n", "abc")
              + post("/3", "Transfer-Encoding: chunked\r\n", "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n")
              + post("/4", "Content-Length: 0\r\n", "")
              + "\r\n"
              + get("/5"));
      String read = client.readUntil("/5=0;");
      assertThat(read).containsSubsequence("/1=0;", "/2=3;", "/3=5;", "/4=0;", "/5=0;");
      assertThat(read.split("HTTP/1.1 200 ")).hasSize(6);
    }
  }

  @Test
  void aBodyThatLooksLikeARequestIsNone() throws IOException {
    String inner = get("/smuggled");
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(post("/outer", "Content-Length: " + inner.length() + "\r\n", inner) + get("/2"));
      assertThat(client.readUntil("/2=0;"))
          .contains("/outer=" + inner.length() + ";")
          .doesNotContain("/smuggled");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /bad HTTP/1.1\r\n\r\n",
        "GET /bad HTTP/1.1\r\nHost: p\r\nX A: b\r\n\r\n",
        "POST /bad HTTP/1.1\r\nHost: p\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      })
  void whatFollowsOnABadRequestIsNotRead(String bad) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      String read = client.send(get("/1") + bad + get("/smuggled")).readToEnd();
      assertThat(read).doesNotContain("/smuggled").contains("BAD_REQUEST");
      // The good one's answer comes first, or is dropped with the connection; never after.
      assertThat(read.indexOf("/1=0;")).isLessThan(read.indexOf("BAD_REQUEST"));
    }
  }

  @Test
  void aBadBodyBehindGoodRequestsEndsTheConnection() throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      String read =
          client
              .send(post("/2", "Transfer-Encoding: chunked\r\n", "zz\r\n") + get("/smuggled"))
              .readToEnd();
      assertThat(read).contains("HTTP/1.1 400 ").doesNotContain("/smuggled");
    }
  }

  @Test
  void aRefusedBodyThatHasComeWholeCostsNoConnection() throws IOException {
    JsonObject key = new JsonObject().put("id", "other").put("sha256", "0".repeat(64));
    JsonObject auth = new JsonObject().put("required", true).put("keys", new JsonArray().add(key));
    JsonObject keys = new JsonObject().put("auth", auth);
    try (RunningProxy strict =
            RunningProxy.start(
                RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1").mergeIn(keys));
        RawClient client = new RawClient(strict.port())) {
      for (int i = 0; i < 50; i++) {
        client.send(post("/x", "Content-Length: 3\r\n", "abc"));
        assertThat(client.readUntil("}}")).contains("HTTP/1.1 401 ");
      }
    }
  }

  @Test
  void anHttp10ClientIsAnsweredAndClosed() throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      String read = client.send("GET /old HTTP/1.0\r\n\r\n").readToEnd();
      assertThat(read).startsWith("HTTP/1.0 200 ").endsWith("/old=0;").doesNotContain("chunked");
    }
  }

  @Test
  void anHttp10ClientKeepsItsConnectionIfItSaysSo() throws IOException {
    String again = "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    try (RawClient client = new RawClient(proxy.port())) {
      assertThat(client.send(again).readUntil("/old=0;")).containsIgnoringCase("keep-alive");
      assertThat(client.send(again).readUntil("/old=0;")).startsWith("HTTP/1.0 200 ");
    }
  }

  @Test
  void closeIsHonoured() throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      String read =
          client
              .send("GET /last HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n" + get("/after"))
              .readToEnd();
      assertThat(read).endsWith("/last=0;").containsIgnoringCase("connection: close");
    }
  }

  /** RFC 9112 §9.6: however it is said, and whoever answers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.1 | Connection: close, TE",
        "1.1 | Connection: TE , Close",
        "1.1 | Connection: ,close,",
        "1.1 | Connection: TE;Connection: CLOSE",
        "1.1 | Connection: keep-alive, close",
        "1.1 | Connection: keep-alive;Connection: TE, close",
        "1.0 | Connection: keep-alive, close",
        "1.0 | Connection: close, keep-alive",
        "1.0 | Connection: keep-alive;Connection: close"
      })
  void closeIsHonouredInAnyList(String version, String fields) throws IOException {
    List<String> requests =
        List.of(
            "GET /last", "POST /route/stream", "GET /readyz", "POST /v1/agents/nobody", "TRACE /x");
    for (String request : requests) {
      String head =
          "%s HTTP/%s\r\nHost: p\r\nContent-Length: 0\r\n%s\r\n\r\n"
              .formatted(request, version, fields.replace(";", "\r\n"));
      try (RawClient client = new RawClient(proxy.port())) {
        String read = client.send(head + get("/after")).readToEnd();
        assertThat(read).as(request).startsWith("HTTP/" + version).doesNotContain("/after");
        assertThat(read.split("HTTP/1\\.")).as(request).hasSize(2);
        assertThat(read).as(request).doesNotContainIgnoringCase("connection: keep-alive");
        if (version.equals("1.1")) {
          assertThat(read).as(request).containsIgnoringCase("\r\nconnection: close\r\n");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Connection: TE", "Connection: closed, not-close", "X-Connection: close"})
  void whatIsNotCloseKeepsTheConnection(String field) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send("GET /1 HTTP/1.1\r\nHost: p\r\n" + field + "\r\n\r\n").readUntil("/1=0;");
      assertThat(client.send(get("/2")).readUntil("/2=0;")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aHalfCloseIsAClientThatIsGone() throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(get("/half")).halfClose();
      // Whether the answer was quicker or not: the connection ends, and nothing follows.
      assertThat(client.readToEnd()).doesNotContain("HTTP/1.1 4", "HTTP/1.1 5");
    }
  }

  @Test
  void aHalfCloseWithinABodyIsAClientThatIsGone() throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(post("/half", "Content-Length: 9\r\n", "abc")).halfClose();
      assertThat(client.readToEnd()).doesNotContain("HTTP/1.1 200");
    }
  }

  @Test
  void aBodyThatTricklesIsTaken() throws IOException {
    String body = "x".repeat(500);
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(post("/slow", "Content-Length: 500\r\n", ""));
      for (int i = 0; i < body.length(); i++) {
        client.send("x");
      }
      client.readUntil("/slow=500;");
    }
  }

  @Test
  void aHeadThatTricklesIsTaken() throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      for (char c : get("/slow").toCharArray()) {
        client.send(Character.toString(c));
      }
      client.readUntil("/slow=0;");
    }
  }

  @Test
  void aBodyIsWaitedForAfterContinue() throws IOException {
    String fields = "Content-Length: 3\r\nExpect: 100-Continue\r\n";
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(post("/wait", fields, ""));
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
      client.send("abc").readUntil("/wait=3;");
      // One that does not wait for it is no problem either.
      client.send(post("/eager", fields, "abc")).readUntil("/eager=3;");
    }
  }

  @Test
  void aBodyThatIsWithheldIsGivenUpWithItsClient() throws Exception {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(post("/never", "Content-Length: 3\r\nExpect: 100-continue\r\n", ""));
      client.readUntil("\r\n\r\n");
      client.hangUp();
    }
    new Metered(proxy.adminPort()).awaitValue("rollout_requests_in_flight", 0);
  }

  @Test
  void trailersOfAClientGoNowhere() throws Exception {
    while (origin.nextHead(0) != null) {
      // of other tests
    }
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(
          post(
              "/trailers",
              "Transfer-Encoding: chunked\r\nTrailer: X-Late\r\n",
              "3\r\nabc\r\n0\r\nX-Late: 1\r\nX-API-Key: k\r\n\r\n"));
      client.readUntil("/trailers=3;");
    }
    assertThat(origin.nextHead()).doesNotContainIgnoringCase("late").doesNotContain("X-API-Key");
  }
}
