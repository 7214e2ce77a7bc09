package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The admin port, attacked. Whatever was tried: the rollout stands where it stood, and the next
 * good request is answered.
 */
class AdminAttackIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String TOKEN = "0123456789-the-admin-token-0123456789";
  private static final String BEARER = "Authorization: Bearer " + TOKEN + "\r\n";
  private static final String START = "POST /api/v1/canary/start HTTP/1.1\r\n";
  private static final String LOCAL = "Host: localhost\r\n";
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

  private static RunningProxy proxy;
  private String before;

  @BeforeAll
  static void start() {
    JsonObject admin = new JsonObject().put("port", 0).put("token", TOKEN);
    proxy = RunningProxy.start(RunningProxy.before("canary", UNUSED, UNUSED).put("admin", admin));
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @BeforeEach
  void remember() throws IOException {
    before = standing();
  }

  @AfterEach
  void nothingHasChanged() throws IOException {
    assertThat(standing()).isEqualTo(before);
    assertThat(good("POST", "/api/v1/canary/reset").statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> good(String method, String path) throws IOException {
    return proxy.admin(method, path, null, "Authorization", "Bearer " + TOKEN);
  }

  /** Returns the rollout's place, and all that it has gone through. */
  private static String standing() throws IOException {
    HttpResponse<String> state = good("GET", "/api/v1/canary");
    assertThat(state.statusCode()).isEqualTo(200);
    JsonObject json = new JsonObject(state.body());
    return json.getString("phase")
        + json.getString("epoch")
        + json.getInteger("percentage")
        + good("GET", "/api/v1/transitions").body();
  }

  /** The status of the first answer to these bytes; 0 = it was hung up on. */
  private static int status(String bytes) throws IOException {
    return statusOf(answer(bytes));
  }

  private static int statusOf(String answer) {
    Matcher status = STATUS.matcher(answer);
    return status.lookingAt() ? Integer.parseInt(status.group(1)) : 0;
  }

  /** All that is answered, by a server that is asked to hang up then. */
  private static String answer(String bytes) throws IOException {
    int head = bytes.indexOf("\r\n\r\n");
    String closing = bytes.substring(0, head) + "\r\nConnection: close" + bytes.substring(head);
    try (RawClient client = new RawClient(proxy.adminPort())) {
      try {
        client.send(closing);
      } catch (IOException hungUp) {
        // It has heard enough.
      }
      return client.readToEnd();
    }
  }

  private static String order(String... headers) {
    return START + String.join("", headers) + "Content-Length: 0\r\n\r\n";
  }

  @Test
  void noTokenButTheRightOneIsGoodEnough() throws Exception {
    assertThat(status(order(LOCAL))).isEqualTo(401);
    for (String wrong :
        List.of(
            "Bearer " + TOKEN + "x",
            "Bearer " + TOKEN.substring(1),
            "Bearer ",
            "Bearer",
            TOKEN,
            "Basic " + TOKEN,
            "Bearer\t" + TOKEN,
            "Bearer " + TOKEN + ", Bearer " + TOKEN,
            "Bearer " + "x".repeat(7_000))) {
      assertThat(status(order(LOCAL, "Authorization: " + wrong + "\r\n"))).as(wrong).isEqualTo(401);
    }
    String long_ = "Authorization: Bearer " + "x".repeat(100_000) + "\r\n";
    assertThat(status(order(LOCAL, long_))).isIn(0, 431);
    String query = "POST /api/v1/canary/start?token=%s&access_token=%s&authorization=Bearer%%20%s";
    assertThat(
            status(
                query.formatted(TOKEN, TOKEN, TOKEN)
                    + " HTTP/1.1\r\n"
                    + LOCAL
                    + "Content-Length: 0\r\n\r\n"))
        .isEqualTo(401);
    String other = "X-Admin-Token: %s\r\nCookie: token=%s\r\nX-API-Key: %s\r\n";
    assertThat(status(order(LOCAL, other.formatted(TOKEN, TOKEN, TOKEN)))).isEqualTo(401);
  }

  @Test
  void twoAuthorizationsAreNone() throws Exception {
    String wrong = "Authorization: Bearer wrong\r\n";
    assertThat(status(order(LOCAL, BEARER, wrong))).isEqualTo(401);
    assertThat(status(order(LOCAL, wrong, BEARER))).isEqualTo(401);
    assertThat(status(order(LOCAL, BEARER, BEARER))).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example\r\n",
        "Host: localhost.evil.example\r\n",
        "Host: evil.example#localhost\r\n",
        "Host: localhost@evil.example\r\n",
        "Host: evil.example:80@localhost\r\n",
        "Host: localhost, evil.example\r\n",
        "Host: localhost:x\r\n",
        "Host: localhost:99999999\r\n",
        "Host: localhost:-1\r\n",
        "Host: localhost:80:90\r\n",
        "Host: [::1]\r\n",
        "Host: 127.0.0.1.evil.example\r\n",
        "Host: 0x7f000001\r\n",
        "Host: 2130706433\r\n",
        "Host: \r\n",
        "Host: localhost\r\nHost: evil.example\r\n",
        "Host: evil.example\r\nHost: localhost\r\n",
        "X-Forwarded-Host: localhost\r\nHost: evil.example\r\n",
        "Forwarded: host=localhost\r\nHost: evil.example\r\n",
        ""
      })
  void noNameButItsOwnIsAnswered(String host) throws Exception {
    assertThat(status(order(host, BEARER))).as(host).isIn(400, 403, 0);
    String page = "GET / HTTP/1.1\r\n" + host + "\r\n";
    assertThat(status(page)).as(host).isIn(400, 403, 0);
  }

  @Test
  void theAuthorityOfTheTargetIsTheOneThatCounts() throws Exception {
    String absolute = "POST http://%s/api/v1/canary/start HTTP/1.1\r\n";
    String rest = BEARER + "Content-Length: 0\r\n\r\n";
    assertThat(status(absolute.formatted("evil.example") + LOCAL + rest)).isIn(400, 403, 404, 0);
    assertThat(status(absolute.formatted("localhost") + "Host: evil.example\r\n" + rest))
        .isIn(400, 403, 404, 0);
    assertThat(status("CONNECT localhost:9090 HTTP/1.1\r\n" + LOCAL + BEARER + "\r\n"))
        .isIn(400, 403, 404, 405, 501, 0);
    assertThat(status("POST /api/v1/canary/start HTTP/1.0\r\n" + rest)).isIn(400, 403, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://localhost.evil.example\r\n",
        "Origin: http://localhost@evil.example\r\n",
        "Origin: \r\n",
        "Origin: file://\r\n",
        "Origin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n",
        "Origin: http://localhost\r\nOrigin: http://evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n",
        "Sec-Fetch-Site: same-site\r\n",
      })
  void anotherSitesPageOrdersNothing(String headers) throws Exception {
    assertThat(status(order(LOCAL, BEARER, headers))).as(headers).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json, text/plain",
        "application/problem+json",
        "TEXT/JSON"
      })
  void noFormOfAnotherSiteIsABody(String type) throws Exception {
    String body = "{\"reason\":\"=\"}";
    assertThat(
            status(
                START
                    + LOCAL
                    + BEARER
                    + "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(type, body.length(), body)))
        .as(type)
        .isEqualTo(415);
  }

  @Test
  void noBodyIsTooLargeOrTooSlowOrEndlessForIt() throws Exception {
    String head = START + LOCAL + BEARER + "Content-Type: application/json\r\n";
    // Declared: refused before it comes.
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send(head + "Content-Length: 10485760\r\n\r\n{");
      assertThat(statusOf(client.readUntil("\r\n\r\n"))).isEqualTo(413);
    }
    // Sent whole.
    assertThat(status(head + "Content-Length: 10485760\r\n\r\n" + " ".repeat(10_485_760)))
        .isIn(413, 0);
    // In chunks, for as long as it is listened to.
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send(head + "Transfer-Encoding: chunked\r\n\r\n");
      String chunk = "10000\r\n" + " ".repeat(65_536) + "\r\n";
      int sent = 0;
      try {
        while (sent < 64) {
          client.send(chunk);
          sent++;
        }
      } catch (IOException hungUp) {
        // It has heard enough.
      }
      assertThat(statusOf(client.readToEnd())).isIn(413, 0);
    }
    // Slow: others are answered meanwhile.
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send(head + "Content-Length: 20\r\n\r\n{");
      assertThat(good("GET", "/api/v1/canary").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/js/../../../../etc/passwd",
        "/js/..%2f..%2f..%2fetc/passwd",
        "/js/%2e%2e/%2e%2e/etc/passwd",
        "/js/..%5c..%5cetc",
        "/js/main.js%00.html",
        "/js/",
        "/js",
        "//js/main.js/..",
        "/.git/config",
        "/META-INF/MANIFEST.MF",
        "/rollout/version.properties",
        "/conf/demo.json",
        "/web/index.html",
        "/openapi.json",
        "/index.html%00"
      })
  void noPathReachesAFile(String path) throws Exception {
    String answer = answer("GET " + path + " HTTP/1.1\r\n" + LOCAL + "\r\n");
    assertThat(statusOf(answer)).as(answer).isIn(0, 400, 401, 404);
    assertThat(answer).doesNotContain("root:", "Implementation", "uplot=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/livez/../api/v1/canary/start",
        "/livez/%2e%2e/api/v1/canary/start",
        "/js/../api/v1/canary/start",
        "//api/v1/canary/start",
        "/api//v1/canary/start",
        "/api/v1/canary/start/",
        "/api/v1/canary/start;x=y",
        "/api/v1/canary/%73tart",
        "/api/v1/./canary/start",
        "/API/V1/canary/start",
        "/dashboard.json/../api/v1/canary/start"
      })
  void noSpellingOfAPathGetsAroundTheToken(String path) throws Exception {
    String answer = answer("POST " + path + " HTTP/1.1\r\n" + LOCAL + "Content-Length: 0\r\n\r\n");
    assertThat(statusOf(answer)).as(answer).isIn(0, 400, 401, 404, 405);
    assertThat(answer).doesNotContain("percentage");
  }

  @Test
  void brokenRequestLinesAreRefused() throws Exception {
    for (String line :
        List.of(
            "GET /\0 HTTP/1.1\r\n",
            "GET /" + "a".repeat(70_000) + " HTTP/1.1\r\n",
            "GET /%zz HTTP/1.1\r\n",
            "GET /%c0%af HTTP/1.1\r\n",
            "GET  HTTP/1.1\r\n",
            "GET / HTTP/9.9\r\n",
            "\u0001\u0002 / HTTP/1.1\r\n",
            "PRI * HTTP/2.0\r\n")) {
      assertThat(status(line + LOCAL + "\r\n"))
          .as(line.substring(0, Math.min(30, line.length())))
          .isIn(0, 400, 401, 404, 405, 414, 431, 501, 505);
    }
  }

  @Test
  void noHeaderMakesAnotherMethodOfIt() throws Exception {
    String get = "GET /api/v1/canary/start HTTP/1.1\r\n" + LOCAL + BEARER;
    assertThat(
            status(
                get
                    + "X-HTTP-Method-Override: POST\r\nX-HTTP-Method: POST\r\nX-Method-Override:"
                    + " POST\r\n\r\n"))
        .isEqualTo(405);
    String query = "GET /api/v1/canary/start?_method=POST HTTP/1.1\r\n" + LOCAL + BEARER + "\r\n";
    assertThat(status(query)).isEqualTo(405);
    String trace = "TRACE /api/v1/canary HTTP/1.1\r\n" + LOCAL + BEARER + "\r\n";
    String traced = answer(trace);
    assertThat(statusOf(traced)).isIn(0, 400, 405, 501);
    assertThat(traced).doesNotContain(TOKEN);
  }

  @Test
  void noJsonIsTooDeepOrTooLargeANumberForIt() throws Exception {
    for (String body :
        List.of(
            "[".repeat(100_000),
            "{\"reason\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
            "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000),
            "{\"percentage\":1e400}",
            "{\"percentage\":" + "9".repeat(900_000) + "}",
            "{\"percentage\":1e-400}",
            "{\"percentage\":5.0000000001}",
            "{\"percentage\":-0.5}",
            "{\"percentage\":\"5\"}",
            "{\"percentage\":true}",
            "{\"percentage\":null}",
            "{\"percentage\":5,\"percentage\":100}",
            "{\"percentage\":5,\"command\":\"reset\"}",
            "{\"percentage\":5,\"actor\":\"auto\"}",
            "{\"percentage\":9223372036854775812}",
            "{\"percentage\":4294967301}",
            "{\"percentage\":5,\"reason\":\"" + "x".repeat(501) + "\"}",
            "{\"percentage\":5,\"reason\":{}}",
            "{\"percentage\":5}{}",
            "{\"percentage\":NaN}",
            "{\"__proto__\":1}")) {
      HttpResponse<String> answer =
          proxy.admin(
              "PUT",
              "/api/v1/canary/percentage",
              body,
              "Authorization",
              "Bearer " + TOKEN,
              "Content-Type",
              "application/json");
      assertThat(answer.statusCode())
          .as(body.substring(0, Math.min(60, body.length())) + ": " + answer.body())
          .isEqualTo(400);
      assertThat(answer.body().length()).isLessThan(2_000);
    }
  }

  @Test
  void manyHeadersAreTooMany() throws Exception {
    StringBuilder many = new StringBuilder("GET /api/v1/canary HTTP/1.1\r\n" + LOCAL + BEARER);
    for (int i = 0; i < 20_000; i++) {
      many.append("x-").append(i).append(": y\r\n");
    }
    assertThat(status(many + "\r\n")).isIn(0, 400, 431);
    String folded = "GET /api/v1/canary HTTP/1.1\r\n" + LOCAL + "x: y\r\n evil\r\n" + BEARER;
    assertThat(status(folded + "\r\n")).isIn(200, 400);
    String smuggled =
        START + LOCAL + BEARER + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n";
    // Which of the two lengths counts must not be a guess.
    assertThat(status(smuggled + "0\r\n\r\n")).isIn(0, 400);
    assertThat(status(START + LOCAL + BEARER + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n"))
        .isIn(0, 400);
    assertThat(status(START + LOCAL + BEARER + "Content-Length: +0\r\n\r\n")).isIn(0, 400);
  }

  @Test
  void fiveHundredIdleConnectionsKeepNobodyOut() throws Exception {
    List<RawClient> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 500; i++) {
        idle.add(new RawClient(proxy.adminPort()));
        if (i % 2 == 0) {
          idle.get(i).send("GET /api/v1/canary HTTP/1.1\r\nHost: loc");
        }
      }
      assertThat(good("GET", "/api/v1/canary").statusCode()).isEqualTo(200);
      assertThat(good("GET", "/metrics").statusCode()).isEqualTo(200);
    } finally {
      for (RawClient client : idle) {
        client.close();
      }
    }
  }

  @Test
  void theOldestOfTooManyConnectionsMakesRoomForTheNewcomer() throws Exception {
    List<RawClient> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 1_025; i++) {
        idle.add(new RawClient(proxy.adminPort()));
      }
      assertThat(idle.get(0).readToEnd()).isEmpty();
      assertThat(status("GET /livez HTTP/1.1\r\n" + LOCAL + "\r\n")).isEqualTo(200);
    } finally {
      for (RawClient client : idle) {
        client.close();
      }
    }
  }

  @Test
  void aThousandWantToListenAndThirtyTwoDo() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    int listening = 0;
    try {
      for (int i = 0; i < 1_000; i++) {
        RawClient client = new RawClient(proxy.adminPort());
        clients.add(client);
        client.send("GET /api/v1/events HTTP/1.1\r\n" + LOCAL + BEARER + "\r\n");
        int status = statusOf(client.readUntil("\r\n\r\n"));
        assertThat(status).isIn(200, 503);
        listening += status == 200 ? 1 : 0;
      }
      assertThat(listening).isEqualTo(32);
      assertThat(good("GET", "/api/v1/canary").statusCode()).isEqualTo(200);
    } finally {
      for (RawClient client : clients) {
        client.reset();
      }
    }
    awaitRoom();
  }

  /** That they have left is noticed a moment later. */
  private static void awaitRoom() {
    Waits.until(() -> good("GET", "/metrics").body().contains("rollout_events_clients 0.0"));
  }
}
