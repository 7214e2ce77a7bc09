package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.CanaryAddresses;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The event stream of the admin port, and the latest requests. */
class EventsIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String TOKEN = "0123456789-the-admin-token-0123456789";
  private static final Pattern ID = Pattern.compile("id: (\\S+)\nevent: state\n");
  private RunningProxy proxy;

  @BeforeEach
  void start() {
    proxy =
        RunningProxy.start(
            RunningProxy.before("canary", UNUSED, UNUSED)
                .put("health", new JsonObject().put("evaluateEvery", "50ms")));
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private RawClient listen(String... headers) throws IOException {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return new RawClient(proxy.adminPort())
        .send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
  }

  private void command(String name) throws IOException {
    HttpResponse<String> answer = proxy.admin("POST", "/api/v1/canary/" + name, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String lastId(String read) {
    Matcher ids = ID.matcher(read);
    String id = null;
    while (ids.find()) {
      id = ids.group(1);
    }
    return id;
  }

  @Test
  void tellsOfStatesTransitionsAndAlertsAsTheyHappen() throws Exception {
    try (RawClient client = listen()) {
      String head = client.readUntil("\"continued\":false}\n\n");
      assertThat(head)
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("content-type: text/event-stream")
          .containsIgnoringCase("cache-control: no-store")
          .contains("retry: 2000", "event: hello");
      command("start");
      assertThat(client.readUntil("\"phase\":\"canary_10\"")).contains("event: state");
      command("rollback");
      String read = client.readUntil("event: alert") + client.readUntil("\n\n");
      assertThat(read).contains("event: transition", "ROLLBACK canary foundry", "\"critical\"");
    }
  }

  @Test
  void goesOnAfterTheLastEventThatAClientHas() throws Exception {
    String id;
    try (RawClient client = listen()) {
      client.readUntil("event: hello");
      command("start");
      id = lastId(client.readUntil("\"phase\":\"canary_10\""));
    }
    command("advance");
    try (RawClient client = listen("Last-Event-ID: " + id)) {
      String read = client.readUntil("\"phase\":\"canary_50\"");
      assertThat(read).contains("\"continued\":true").doesNotContain("\nid: " + id + "\n");
    }
  }

  @Test
  void replaysAllThatIsKeptToWhoAsksForIt() throws Exception {
    command("start");
    try (RawClient client = listen("Last-Event-ID: 0")) {
      assertThat(client.readUntil("\"phase\":\"canary_10\""))
          .contains("\"continued\":false", "-1\nevent: ");
    }
  }

  @Test
  void tellsAboutOneEvaluationASecondHoweverManyThereAre() throws Exception {
    List<Instant> times = new ArrayList<>();
    try (RawClient client = listen()) {
      while (times.size() < 3) {
        client.readUntil("event: health\ndata: ");
        times.add(Instant.parse(new JsonObject(client.readUntil("\n")).getString("at")));
      }
    }
    // Evaluated twenty times a second. What is told may be a moment old on a busy machine.
    assertThat(Duration.between(times.get(0), times.get(2))).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void dropsAClientThatDoesNotReadAndDisturbsNobodyElse() throws Exception {
    try (Socket deaf = new Socket();
        Socket listener = new Socket("127.0.0.1", proxy.adminPort())) {
      deaf.setReceiveBufferSize(4_096);
      deaf.connect(listener.getRemoteSocketAddress());
      listener.setSoTimeout(90_000);
      BufferedReader heard = ask(listener);
      ask(deaf);
      readTo(heard, "event: hello");
      int last = 0;
      while (!proxy.admin("GET", "/metrics", null).body().contains("clients_dropped_total 1.0")) {
        assertThat(last).as("events without a drop").isLessThan(100_000);
        for (int i = 0; i < 200; i++) {
          last++;
          alert("event %d %s".formatted(last, "x".repeat(900)));
        }
        readTo(heard, "event " + last + " ");
      }
      alert("after all that");
      readTo(heard, "after all that");
    }
  }

  private static BufferedReader ask(Socket socket) throws IOException {
    String get = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(get.getBytes(StandardCharsets.US_ASCII));
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void readTo(BufferedReader heard, String text) throws IOException {
    for (String line = ""; !line.contains(text); line = heard.readLine()) {
      assertThat(line).as("a stream that goes on to " + text).isNotNull();
    }
  }

  private void alert(String sentence) {
    proxy
        .vertx()
        .eventBus()
        .publish(
            CanaryAddresses.ALERT,
            new JsonObject().put("kind", "promotion").put("sentence", sentence));
  }

  @Test
  void tellsOfNoAlertThatIsNone() throws Exception {
    try (RawClient client = listen()) {
      client.readUntil("event: hello");
      proxy.vertx().eventBus().publish(CanaryAddresses.ALERT, "not even an object");
      proxy
          .vertx()
          .eventBus()
          .publish(
              CanaryAddresses.ALERT, new JsonObject().put("kind", "made_up").put("sentence", "x"));
      alert("a good\none");
      assertThat(client.readUntil("a good one")).doesNotContain("made_up", "not even");
    }
  }

  @Test
  void refusesMoreClientsThanItMayHaveAndTakesTheNextWhenOneLeaves() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 32; i++) {
        RawClient client = listen();
        clients.add(client);
        client.readUntil("event: hello");
      }
      try (RawClient late = listen()) {
        assertThat(late.readUntil("}"))
            .startsWith("HTTP/1.1 503 ")
            .containsIgnoringCase("retry-after: ")
            .contains("events: 32 clients listen");
      }
      clients.remove(0).close();
      assertThat(welcomed()).contains("event: hello");
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  /**
   * Returns the greeting that a client hears at last: that one has left is noticed a moment later.
   */
  private String welcomed() throws IOException {
    return Waits.until(
        () -> {
          try (RawClient client = listen()) {
            String head = client.readUntil("\r\n\r\n");
            return head.startsWith("HTTP/1.1 200 ") ? client.readUntil("event: hello") : null;
          }
        },
        Objects::nonNull);
  }

  @Test
  void asksForTheTokenAndForItsOwnName() throws Exception {
    JsonObject admin = new JsonObject().put("port", 0).put("token", TOKEN);
    JsonObject settings = RunningProxy.before("canary", UNUSED, UNUSED).put("admin", admin);
    try (RunningProxy guarded = RunningProxy.start(settings)) {
      String get = "GET /api/v1/events HTTP/1.1\r\nHost: %s\r\n%s\r\n";
      try (RawClient client = new RawClient(guarded.adminPort())) {
        client.send(get.formatted("localhost", ""));
        assertThat(client.readUntil("}")).startsWith("HTTP/1.1 401 ");
      }
      try (RawClient client = new RawClient(guarded.adminPort())) {
        client.send(get.formatted("evil.example", "Authorization: Bearer " + TOKEN + "\r\n"));
        assertThat(client.readUntil("}")).startsWith("HTTP/1.1 403 ");
      }
      try (RawClient client = new RawClient(guarded.adminPort())) {
        client.send(get.formatted("localhost", "Authorization: Bearer " + TOKEN + "\r\n"));
        assertThat(client.readUntil("event: hello")).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @Test
  void answersHeadWithoutAStream() throws Exception {
    HttpResponse<String> answer = proxy.admin("HEAD", "/api/v1/events", null);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void endsTheStreamsWhenTheProxyStops() throws Exception {
    try (RawClient client = listen()) {
      client.readUntil("event: hello");
      proxy.close();
      assertThat(client.readToEnd()).isNotNull();
    }
    start();
  }

  @Test
  void keepsTheLatestRequestsWithoutWhatWasSaid() throws Exception {
    proxy.post("/route?secret=query", "{\"prompt\":\"a secret prompt\"}", "X-User-ID", "user-7");
    proxy.post("/v1/chat/completions", "{}", "X-Correlation-ID", "the-newest");
    HttpResponse<String> answer = proxy.admin("GET", "/api/v1/requests", null);
    JsonArray requests = new JsonObject(answer.body()).getJsonArray("requests");
    assertThat(requests).hasSize(2);
    JsonObject newest = requests.getJsonObject(0);
    assertThat(newest.getString("correlationId")).isEqualTo("the-newest");
    assertThat(newest.getString("route")).isEqualTo("POST /v1/chat/completions");
    assertThat(newest.getInteger("status")).isEqualTo(503);
    assertThat(newest.getBoolean("clientSawError")).isTrue();
    assertThat(requests.getJsonObject(1).getString("path")).isEqualTo("/route");
    assertThat(answer.body()).doesNotContain("secret", "user-7");
  }
}
