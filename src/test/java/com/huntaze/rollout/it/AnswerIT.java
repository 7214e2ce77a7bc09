package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A 2xx is an answer only if it holds one; else it is its provider's error. */
@ParameterizedClass
@EnumSource(Wire.class)
@Tag("heavy")
class AnswerIT {
  private static final AtomicInteger USERS = new AtomicInteger();

  @Parameter Wire wire;

  private static final String CHAT = "/v1/chat/completions";
  private static final String ROUTE = "/route";
  private static final String AGENT = "/v1/agents/fan_message";
  private static final String GOOD =
      "{'choices':[{'message':{'content':'by legacy'},'finish_reason':'stop'}]}";
  private static final String ROLE = "data: {'choices':[{'delta':{'role':'assistant'}}]}\n\n";
  private static final String HI = "data: {'choices':[{'delta':{'content':'hi'}}]}\n\n";
  private static final String STOP = "data: {'choices':[{'delta':{},'finish_reason':'stop'}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  /** An answer with status 200. */
  record Given(String path, String type, String body, String outcome) {
    /** Its bytes, in chunks of the given size. */
    void send(RawOrigin.Call call, int size) throws IOException {
      byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.ISO_8859_1);
      call.send("HTTP/1.1 200 OK\r\n" + (type.isEmpty() ? "" : "content-type: " + type + "\r\n"));
      call.send("x-cause: none\r\ntransfer-encoding: chunked\r\n\r\n");
      for (int at = 0; at < bytes.length; at += size) {
        int end = Math.min(bytes.length, at + size);
        String piece = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
        call.send("%x\r\n%s\r\n".formatted(piece.length(), piece));
      }
      call.send("0\r\n\r\n");
    }

    String text() {
      return body.replace('\'', '"');
    }
  }

  private static Given json(String path, String body, String outcome) {
    return new Given(path, "application/json", body, outcome);
  }

  private static Given events(String outcome, String... events) {
    return new Given(CHAT, "text/event-stream", String.join("", events), outcome);
  }

  static Stream<Given> none() {
    return Stream.of(
        json(CHAT, "", "empty_answer"),
        json(CHAT, "{'choices':[]}", "empty_answer"),
        json(CHAT, "{'error':{'message':'x'}}", "empty_answer"),
        json(ROUTE, "{'error':{'message':'x'}}", "empty_answer"),
        json("/v1/embeddings", "{'object':'list','data':[]}", "empty_answer"),
        new Given(ROUTE, "", "", "empty_answer"),
        new Given("/v1/audio/speech", "audio/mpeg", "", "empty_answer"),
        json(CHAT, "{'choices':[{'message':{'content':'h", "malformed_answer"),
        json(CHAT, "<html>no</html>", "malformed_answer"),
        new Given(CHAT, "text/html; charset=utf-8", "<html>no</html>", "malformed_answer"),
        events("empty_answer", ""),
        events("empty_answer", ": ping\n\n", ": ping\n\n"),
        events("empty_answer", DONE),
        events("empty_answer", ROLE, DONE),
        events("empty_answer", "data: {'choices':[],'usage':{'prompt_tokens':1}}\r\n\r\n", DONE));
  }

  static Stream<Given> some() {
    return Stream.of(
        json(CHAT, GOOD, "complete"),
        json(CHAT, "{'ok':true}", "complete"),
        json("/v1/responses", "{'status':'queued','output':[]}", "empty"),
        json(CHAT, "{'choices':[{'message':{},'finish_reason':'stop'}]}", "empty"),
        json(CHAT, "{'choices':[{'message':{'tool_calls':[{'id':'1'}]}}]}", "empty"),
        new Given(ROUTE, "", "ok", "complete"),
        new Given(ROUTE, "text/plain", "ok", "complete"),
        events("complete", ROLE, HI, STOP, DONE),
        events("complete", ROLE, HI, DONE),
        events("complete", ROLE, HI, STOP),
        events("empty", ROLE, STOP, DONE),
        events("complete", "data: hello\n\n"),
        new Given("/route/stream", "text/event-stream", ROLE + HI, "stream_incomplete"),
        new Given("/v1/audio/speech", "audio/mpeg", "ID3", "complete"),
        json("/anything", "", "complete"));
  }

  private static String request(String path) {
    return "POST %s HTTP/1.1\r\nHost: p\r\nConnection: close\r\n".formatted(path)
        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
  }

  private RawAnswer ask(RunningProxy proxy, String path) throws IOException {
    try (TextClient client = proxy.client()) {
      return RawAnswer.of(client.send(request(path)).readToEnd());
    }
  }

  private static RawOrigin origin(Given given) {
    return new RawOrigin(call -> given.send(call, 5));
  }

  private static JsonObject alone(RawOrigin foundry) {
    return RunningProxy.before("foundry", foundry.url(), foundry.url())
        .put("fallback", new JsonObject().put("enabled", false));
  }

  private static String attempts(String outcome) {
    return "rollout_attempts_total{outcome=\"" + outcome + "\",provider=\"foundry\"}";
  }

  @ParameterizedTest
  @MethodSource("none")
  void whoAnswersNothingIsFailedOverAtOnce(Given given) throws Exception {
    Given good =
        given.type().equals("text/event-stream")
            ? events("", ROLE, HI.replace("hi", "by legacy"), STOP, DONE)
            : json(given.path(), GOOD, "");
    try (RawOrigin foundry = origin(given);
        RawOrigin legacy = origin(good);
        RunningProxy proxy =
            RunningProxy.start(wire, RunningProxy.before("foundry", foundry.url(), legacy.url()))) {
      RawAnswer answer = ask(proxy, given.path());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).isEqualTo(good.text());
      assertThat(answer.header("x-ai-provider")).isEqualTo("legacy");
      assertThat(answer.header("x-ai-fallback")).isEqualTo("true");
      Metered metered = new Metered(proxy.adminPort());
      metered.awaitValue(attempts(given.outcome()), 1);
    }
  }

  @ParameterizedTest
  @MethodSource("none")
  void withNobodyElseToAskItPassesAsItWasSentAndIsAnErrorAllTheSame(Given given) throws Exception {
    try (RawOrigin foundry = origin(given);
        RunningProxy proxy = RunningProxy.start(wire, alone(foundry))) {
      RawAnswer answer = ask(proxy, given.path());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).isEqualTo(given.text());
      assertThat(answer.header("x-cause")).isEqualTo("none");
      new Metered(proxy.adminPort()).awaitValue(attempts(given.outcome()), 1);
    }
  }

  @ParameterizedTest
  @MethodSource("some")
  void whatHoldsSomethingOrIsOfNoKnownShapePasses(Given given) throws Exception {
    try (RawOrigin foundry = origin(given);
        RunningProxy proxy = RunningProxy.start(wire, alone(foundry))) {
      RawAnswer answer = ask(proxy, given.path());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).isEqualTo(given.text());
      new Metered(proxy.adminPort()).awaitValue(attempts(given.outcome()), 1);
    }
  }

  @Test
  void anAgentsCallerIsToldInItsOwnShape() throws Exception {
    try (RawOrigin foundry = origin(json(AGENT, "{'error':{'message':'x'}}", ""));
        RunningProxy proxy = RunningProxy.start(wire, alone(foundry))) {
      RawAnswer answer = ask(proxy, AGENT);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body())
          .contains("\"success\":false", "FOUNDRY_UNAVAILABLE", "its answer holds nothing");
    }
  }

  @Test
  void aBodyThatIsTooLargeToBeHeldIsCounted() throws Exception {
    Given large = json(CHAT, "{'choices':[],'pad':'" + "x".repeat(400_000) + "'}", "");
    try (RawOrigin foundry = new RawOrigin(call -> large.send(call, 50_000));
        RunningProxy proxy = RunningProxy.start(wire, alone(foundry))) {
      assertThat(ask(proxy, CHAT).body()).isEqualTo(large.text());
      new Metered(proxy.adminPort()).awaitValue(attempts("empty_answer"), 1);
    }
  }

  static Stream<List<String>> unfinished() {
    String start = "event: message_start\ndata: {'type':'message_start'}\n\n";
    String text =
        "event: content_block_delta\ndata: {'type':'content_block_delta','delta':{'text':'hi'}}\n\n";
    String created = "event: response.created\ndata: {'type':'response.created'}\n\n";
    String output = "event: response.output_text.delta\ndata: {'delta':'hi'}\n\n";
    return Stream.of(
        List.of(ROLE, HI),
        List.of(ROLE, HI, "data: {'choices':[{'delta':{'content':'ha"),
        List.of(start, text),
        List.of(created, output));
  }

  @ParameterizedTest
  @MethodSource("unfinished")
  void aStreamThatEndsUnfinishedIsCutWithOneErrorEvent(List<String> events) throws Exception {
    Given given = new Given(CHAT, "text/event-stream", String.join("", events), "");
    String passes = (events.get(0) + events.get(1)).replace('\'', '"');
    for (String path : List.of(CHAT, "/v1/messages")) {
      try (RawOrigin foundry = origin(given);
          RunningProxy proxy = RunningProxy.start(wire, alone(foundry))) {
        RawAnswer answer = ask(proxy, path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).as("a clean end").isFalse();
        String named = passes + (path.equals(CHAT) ? "data: " : "event: error\ndata: ");
        assertThat(answer.body()).startsWith(named + "{").endsWith("}\n\n");
        String told = answer.body().substring(named.length());
        assertThat(new JsonObject(told).getJsonObject("error").getString("message"))
            .contains("ended before it was finished");
        new Metered(proxy.adminPort()).awaitValue(attempts("stream_incomplete"), 1);
      }
    }
  }

  @Test
  void aFoundryThatAnswersNothingIsRolledBack() throws Exception {
    JsonObject stage =
        new JsonObject().put("phase", "half").put("percentage", 50).put("bake", "1s");
    JsonObject full = new JsonObject().put("phase", "full").put("percentage", 100);
    JsonObject judged =
        new JsonObject()
            .put(
                "health",
                new JsonObject()
                    .put("evaluateEvery", "50ms")
                    .put("minRequests", 20)
                    .put("sequential", new JsonObject().put("enabled", false)))
            .put(
                "canary",
                new JsonObject()
                    .put("promote", new JsonObject().put("minRequests", 20))
                    .put("stages", new JsonArray().add(stage).add(full)));
    try (RawOrigin foundry = origin(json(CHAT, "{'choices':[]}", ""));
        RawOrigin legacy = origin(json(CHAT, GOOD, ""));
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                RunningProxy.before("canary", foundry.url(), legacy.url()).mergeIn(judged, true))) {
      command(proxy, "start");
      Waits.until(
          () -> "rolled back: " + state(proxy),
          () -> state(proxy).getString("phase"),
          phase -> phase.equals("rollback"),
          () -> {
            assertThat(post(proxy)).isEqualTo(200);
            Waits.pause(Duration.ofMillis(5));
          });
    }
  }

  /** Another user's request each: one user alone would decide nothing. */
  private int post(RunningProxy proxy) {
    try {
      return proxy.post(CHAT, "{}", "X-User-ID", "user-" + USERS.incrementAndGet()).statusCode();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static JsonObject state(RunningProxy proxy) {
    return RunningProxy.await(
            proxy.vertx().eventBus().<JsonObject>request("rollout.canary.get", null))
        .body();
  }

  private static void command(RunningProxy proxy, String command) {
    RunningProxy.await(
        proxy
            .vertx()
            .eventBus()
            .request("rollout.canary.command", new JsonObject().put("command", command)));
  }
}
