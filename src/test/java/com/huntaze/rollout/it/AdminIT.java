package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.huntaze.rollout.app.RolloutProxy;
import com.huntaze.rollout.config.ConfigException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The admin port: what it answers, and whom it refuses. */
class AdminIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String TOKEN = "0123456789-the-admin-token-0123456789";
  private static final String[] JSON = {"Content-Type", "application/json"};
  private static RunningProxy proxy;
  private static RunningProxy guarded;

  @BeforeAll
  static void start() {
    proxy = RunningProxy.start(RunningProxy.before("canary", UNUSED, UNUSED));
    guarded =
        RunningProxy.start(
            RunningProxy.before("canary", UNUSED, UNUSED)
                .put("admin", new JsonObject().put("port", 0).put("token", TOKEN)));
  }

  @AfterAll
  static void stop() {
    proxy.close();
    guarded.close();
  }

  @BeforeEach
  void beInitial() throws IOException {
    assertThat(proxy.admin("POST", "/api/v1/canary/reset", null).statusCode()).isEqualTo(200);
  }

  /** An error has to be a problem document that says what is expected. */
  private static JsonObject assertProblem(HttpResponse<String> answer, int status, String detail) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.getString("type")).isEqualTo("about:blank");
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("title")).isNotBlank();
    assertThat(problem.getString("detail")).contains(detail);
    return problem;
  }

  private static JsonObject assertState(HttpResponse<String> answer, String phase, int percentage) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    JsonObject state = new JsonObject(answer.body());
    assertThat(state.getString("phase")).isEqualTo(phase);
    assertThat(state.getInteger("percentage")).isEqualTo(percentage);
    return state;
  }

  private static HttpResponse<String> command(String name, String body) throws IOException {
    return proxy.admin("POST", "/api/v1/canary/" + name, body, JSON);
  }

  private static HttpResponse<String> set(String body) throws IOException {
    return proxy.admin("PUT", "/api/v1/canary/percentage", body, JSON);
  }

  @Test
  void isLiveAndReady() throws Exception {
    assertThat(proxy.admin("GET", "/livez", null).body()).isEqualTo("live\n");
    assertThat(proxy.admin("GET", "/readyz", null).body()).isEqualTo("ready\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/livez", "/readyz", "/metrics", "/api/v1/canary", "/api/v1/alerts", "/"})
  void answersHeadLikeGetWithoutTheBody(String path) throws Exception {
    HttpResponse<String> answer = proxy.admin("HEAD", path, null);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Content-Type"))
        .isEqualTo(proxy.admin("GET", path, null).headers().firstValue("Content-Type"));
  }

  @Test
  void showsTheState() throws Exception {
    JsonObject state = assertState(proxy.admin("GET", "/api/v1/canary", null), "initial", 0);
    assertThat(state.getString("epoch")).matches("\\d+-.+");
    assertThat(state.getString("next")).contains("start");
    assertThat(state.getJsonObject("metrics").fieldNames()).contains("foundry", "legacy");
  }

  @Test
  void carriesOutEveryCommandAndAnswersWithTheNewState() throws Exception {
    assertState(command("start", "{\"reason\":\"go\"}"), "canary_10", 10);
    assertState(command("advance", "{}"), "canary_50", 50);
    assertThat(assertState(command("pause", "{}"), "canary_50", 50).getBoolean("paused")).isTrue();
    assertState(command("resume", "{}"), "canary_50", 50);
    JsonObject manual = assertState(set("{\"percentage\":30}"), "canary_50", 30);
    assertThat(manual.getBoolean("manual")).isTrue();
    JsonObject back = assertState(command("rollback", "{\"reason\":\"seen\"}"), "rollback", 0);
    assertThat(back.getString("reason")).contains("ROLLBACK", "by api", "seen");
    assertState(command("reset", "{}"), "initial", 0);
    assertState(proxy.admin("GET", "/api/v1/canary", null), "initial", 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 50, 99, 100})
  void setsEveryWholePercentage(int percentage) throws Exception {
    JsonObject state = new JsonObject(set("{\"percentage\":" + percentage + "}").body());
    assertThat(state.getInteger("percentage")).isEqualTo(percentage);
  }

  @Test
  void takesAnEmptyBodyForAnEmptyObject() throws Exception {
    assertState(proxy.admin("POST", "/api/v1/canary/start", null), "canary_10", 10);
    assertState(proxy.admin("POST", "/api/v1/canary/rollback", "", JSON), "rollback", 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json; charset=utf-8", "Application/JSON", "application/json "})
  void takesJsonHoweverItsTypeIsWritten(String type) throws Exception {
    HttpResponse<String> answer =
        proxy.admin("POST", "/api/v1/canary/start", "{}", "Content-Type", type);
    assertState(answer, "canary_10", 10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'percentage':130} | percentage: 130 (expected: a whole number, 0..100)",
        "{'percentage':-1} | percentage: -1 (expected: a whole number, 0..100)",
        "{'percentage':10.5} | percentage: 10.5 (expected: a whole number, 0..100)",
        "{'percentage':'10'} | percentage: 10 (expected: a whole number, 0..100)",
        "{'percentage':99999999999} | percentage: 99999999999 (expected: a whole number, 0..100)",
        "{'percentage':null} | percentage: null (expected: a whole number, 0..100)",
        "{'percentage':[10]} | percentage: [10] (expected: a whole number, 0..100)",
        "{} | percentage: null (expected: a whole number, 0..100)",
        "{'percentage':10,'reason':7} | reason: 7 (expected: text of at most 500 characters)",
        "{'percentage':10,'percent':10} | body: unknown field (expected: [percentage, reason])",
        "{'percentage':10,'actor':'x'} | body: unknown field (expected: [percentage, reason])",
        "{'percentage':10 | body: not valid JSON (expected: one object)",
        "{'percentage':10,'percentage':100} | body: not valid JSON (expected: one object)",
        "{'percentage':10} x | body: not valid JSON (expected: one object)",
        "[{'percentage':10}] | body: not valid JSON (expected: one object)",
        "null | body: not valid JSON (expected: one object)",
        "10 | body: not valid JSON (expected: one object)",
      },
      quoteCharacter = '`')
  void refusesAMalformedBodyWithASentence(String body, String detail) throws Exception {
    assertProblem(set(body.replace('\'', '"')), 400, detail);
    assertState(proxy.admin("GET", "/api/v1/canary", null), "initial", 0);
  }

  @Test
  void refusesAReasonThatIsTooLong() throws Exception {
    String body = new JsonObject().put("reason", "x".repeat(501)).encode();
    assertProblem(command("start", body), 400, "reason: ");
    String longest = new JsonObject().put("reason", "x".repeat(500)).encode();
    assertState(command("start", longest), "canary_10", 10);
  }

  @Test
  void keepsControlCharactersOutOfWhatItTells() throws Exception {
    String forged =
        new JsonObject().put("reason", "fine\n2026-01-01 ERROR forged\u001b[2J").encode();
    String reason = assertState(command("start", forged), "canary_10", 10).getString("reason");
    assertThat(reason).contains("fine 2026-01-01 ERROR forged").doesNotContain("\n", "\u001b");
  }

  @Test
  void namesTheStateInWhichACommandIsRefused() throws Exception {
    assertProblem(command("resume", "{}"), 409, "resume: not paused, initial at 0 %");
    assertState(command("start", "{}"), "canary_10", 10);
    assertProblem(command("start", "{}"), 409, "start: already running, canary_10 at 10 %");
    assertState(command("rollback", "{}"), "rollback", 0);
    assertProblem(set("{\"percentage\":10}"), 409, "set: rolled back, the share stays 0 %");
    assertProblem(command("advance", "{}"), 409, "advance: rolled back");
  }

  @Test
  void refusesABodyOverOneMebibyte() throws Exception {
    String head = "POST /api/v1/canary/start HTTP/1.1\r\nHost: localhost\r\n";
    String json = "Content-Type: application/json\r\n";
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send(head + json + "Content-Length: 1048577\r\n\r\n");
      assertThat(client.readUntil("1048576 bytes\"}"))
          .startsWith("HTTP/1.1 413 ")
          .contains("application/problem+json");
    }
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send(head + json + "Transfer-Encoding: chunked\r\n\r\n");
      client.send("100001\r\n" + "x".repeat(0x100001) + "\r\n");
      assertThat(client.readUntil("1048576 bytes\"}")).startsWith("HTTP/1.1 413 ");
    }
    assertState(proxy.admin("GET", "/api/v1/canary", null), "initial", 0);
  }

  @Test
  void takesABodyOfOneMebibyte() throws Exception {
    String body = "{" + " ".repeat(1_048_574) + "}";
    assertState(command("start", body), "canary_10", 10);
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, '{}'",
    "application/x-www-form-urlencoded, reason=go",
    "application/x-www-form-urlencoded, reason=%zz",
    "multipart/form-data, '{}'",
    "application/jsonp, '{}'",
    "text/plain, ''"
  })
  void refusesWhatIsNotJson(String type, String body) throws Exception {
    HttpResponse<String> answer =
        proxy.admin("POST", "/api/v1/canary/start", body, "Content-Type", type);
    assertProblem(answer, 415, "Content-Type: expected application/json");
  }

  @Test
  void refusesABodyWithoutItsType() throws Exception {
    assertProblem(
        proxy.admin("POST", "/api/v1/canary/start", "{}"),
        415,
        "Content-Type: expected application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/web/index.html",
        "/js/",
        "/api/v1",
        "/api/v1/canary/",
        "/api/v1/canary/set"
      })
  void answersAnUnknownPathWithAProblem(String path) throws Exception {
    if (!path.endsWith("canary/")) {
      assertProblem(proxy.admin("GET", path, null), 404, "nothing stands here");
    }
    assertProblem(proxy.admin("POST", path + "x", "{", JSON), 404, "nothing stands here");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /livez, 'GET, HEAD'",
    "DELETE, /readyz, 'GET, HEAD'",
    "POST, /metrics, 'GET, HEAD'",
    "OPTIONS, /metrics, 'GET, HEAD'",
    "POST, /api/v1/canary, 'GET, HEAD'",
    "GET, /api/v1/canary/start, POST",
    "PUT, /api/v1/canary/rollback, POST",
    "GET, /api/v1/canary/percentage, PUT",
    "POST, /api/v1/canary/percentage, PUT",
    "PATCH, /api/v1/canary/percentage, PUT"
  })
  void namesTheMethodsThatAPathTakes(String method, String path, String allowed) throws Exception {
    HttpResponse<String> answer = proxy.admin(method, path, null);
    assertProblem(answer, 405, allowed);
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
  }

  @Test
  void answersABrokenPathWithAProblem() throws Exception {
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.readUntil("}")).startsWith("HTTP/1.1 400").contains("problem+json");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: evil.example:9090",
        "Host: localhost.evil.example",
        "Host: 127.0.0.1.evil.example",
        "Host: "
      })
  void refusesAForeignHostOnEveryPathThatABrowserCouldBeTrickedInto(String host) throws Exception {
    for (String path : List.of("/", "/metrics", "/api/v1/canary", "/nothing")) {
      try (RawClient client = new RawClient(proxy.adminPort())) {
        client.send("GET " + path + " HTTP/1.1\r\n" + host + "\r\n\r\n");
        assertThat(client.readUntil("}"))
            .as(path)
            .startsWith("HTTP/1.1 403 ")
            .contains("problem+json", "Host: not one of admin.allowedHosts");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host: localhost@evil.example", "X-No: host"})
  void refusesAMissingOrMalformedHost(String host) throws Exception {
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send("GET /livez HTTP/1.1\r\n" + host + "\r\n\r\n");
      assertThat(client.readUntil("}")).startsWith("HTTP/1.1 400 ").contains("problem+json");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:9090", "127.0.0.1", "127.0.0.1:1"})
  void takesItsOwnNamesOnAnyPort(String host) throws Exception {
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send("HEAD /api/v1/canary HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://evil.example", "https://localhost.evil.example", "null", "http://", "::"})
  void refusesAForeignOrigin(String origin) throws Exception {
    for (String path : List.of("/livez", "/api/v1/canary")) {
      HttpResponse<String> answer = proxy.admin("GET", path, null, "Origin", origin);
      assertProblem(answer, 403, "Origin: not one of admin.allowedHosts");
    }
    HttpResponse<String> own =
        proxy.admin("GET", "/livez", null, "Origin", "http://localhost:" + proxy.adminPort());
    assertThat(own.statusCode()).isEqualTo(200);
  }

  /** Guesses of a stranger for a token. */
  static Stream<String> wrongTokens() {
    return Stream.of(
        "Bearer wrong",
        "Bearer ",
        "Bearer",
        TOKEN,
        "Basic " + TOKEN,
        "Bearer  " + TOKEN,
        "Bearer " + TOKEN + "x",
        "Bearer " + TOKEN.substring(1));
  }

  @ParameterizedTest
  @MethodSource("wrongTokens")
  void refusesAWrongToken(String authorization) throws Exception {
    for (String path : List.of("/metrics", "/api/v1/canary", "/nothing")) {
      HttpResponse<String> answer =
          guarded.admin("GET", path, null, "Authorization", authorization);
      assertProblem(answer, 401, "Authorization: expected Bearer and the admin token");
      assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }
  }

  @Test
  void refusesCommandsWithoutTheTokenAndDoesNotCarryThemOut() throws Exception {
    assertProblem(guarded.admin("POST", "/api/v1/canary/start", "{}", JSON), 401, "Authorization");
    assertProblem(
        guarded.admin("PUT", "/api/v1/canary/percentage", "{\"percentage\":5}", JSON),
        401,
        "Authorization");
    HttpResponse<String> state =
        guarded.admin("GET", "/api/v1/canary", null, "Authorization", "Bearer " + TOKEN);
    assertState(state, "initial", 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER "})
  void takesTheTokenWhateverTheCaseOfItsScheme(String scheme) throws Exception {
    for (String path : List.of("/metrics", "/api/v1/canary")) {
      HttpResponse<String> answer =
          guarded.admin("GET", path, null, "Authorization", scheme + TOKEN);
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void asksForNoTokenForItsHealth() throws Exception {
    assertThat(guarded.admin("GET", "/livez", null).statusCode()).isEqualTo(200);
    assertThat(guarded.admin("GET", "/readyz", null).statusCode()).isEqualTo(200);
  }

  @Test
  void neverShowsTheToken() throws Exception {
    List<HttpResponse<String>> answers = new ArrayList<>();
    String[] known = {"Authorization", "Bearer " + TOKEN, "Content-Type", "application/json"};
    for (String path :
        List.of("/livez", "/metrics", "/api/v1/canary", "/nothing", "/api/v1/config")) {
      answers.add(guarded.admin("GET", path, null, known));
      answers.add(guarded.admin("DELETE", path, null, known));
      answers.add(guarded.admin("GET", path, null));
    }
    answers.add(guarded.admin("POST", "/api/v1/canary/resume", "{}", known));
    answers.add(guarded.admin("POST", "/api/v1/canary/resume", "{", known));
    for (HttpResponse<String> answer : answers) {
      assertThat(answer.body() + answer.headers().map()).doesNotContain(TOKEN);
    }
  }

  @Test
  void doesNotListenToTheWorldWithoutAToken() {
    JsonObject open =
        RunningProxy.before("legacy", UNUSED, UNUSED)
            .put("server", new JsonObject().put("port", 0))
            .put("admin", new JsonObject().put("host", "0.0.0.0").put("port", 0));
    Vertx vertx = proxy.vertx();
    assertThatThrownBy(() -> RolloutProxy.start(vertx, open).await())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "admin.host: 0.0.0.0 (expected: a loopback address, or an admin.token of at least 32"
                + " characters, or admin.tokens)");
    open.getJsonObject("admin").put("token", "short-and-secret");
    Throwable refused = catchThrowable(() -> RolloutProxy.start(vertx, open).await());
    assertThat(refused).isInstanceOf(ConfigException.class);
    assertThat(refused.getMessage()).doesNotContain("short-and-secret");
  }

  @Test
  void listensToTheWorldWithATokenAndTakesTheHostsThatItIsTold() throws Exception {
    JsonObject admin =
        new JsonObject()
            .put("host", "0.0.0.0")
            .put("token", TOKEN)
            .put("allowedHosts", new JsonArray().add("Proxy.internal"));
    JsonObject open = RunningProxy.before("legacy", UNUSED, UNUSED).put("admin", admin);
    try (RunningProxy world = RunningProxy.start(open);
        RawClient client = new RawClient(world.adminPort())) {
      String token = "Authorization: Bearer " + TOKEN + "\r\n";
      String head = "HEAD /api/v1/canary HTTP/1.1\r\n" + token + "Host: ";
      client.send(head + "proxy.INTERNAL:80\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
      client.send(head + "localhost\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void answersTheNextRequestAfterOneThatItRefusedUnread() throws Exception {
    try (RawClient client = new RawClient(guarded.adminPort())) {
      String refused =
          "POST /api/v1/canary/start HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
      client.send(refused + "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.readUntil("live\n")).startsWith("HTTP/1.1 401 ").contains("HTTP/1.1 200 ");
    }
  }

  @Test
  void logsNoErrorWhenAClientHangsUpWithinItsBody() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    root.addAppender(logged);
    try {
      String head =
          "POST /api/v1/canary/start HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n";
      new RawClient(proxy.adminPort()).send(head + "{").hangUp();
      new RawClient(proxy.adminPort()).send(head + "{").reset();
      // One event loop serves the port: an answer comes after what happened before it.
      for (int i = 0; i < 5; i++) {
        try (RawClient next = new RawClient(proxy.adminPort())) {
          next.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").readUntil("live\n");
        }
      }
    } finally {
      root.detachAppender(logged);
    }
    assertThat(List.copyOf(logged.list)).noneMatch(event -> event.getLevel() == Level.ERROR);
  }
}
