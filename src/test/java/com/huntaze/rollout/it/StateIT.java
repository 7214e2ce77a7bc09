package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RunningProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files, batches, threads and stored answers stay with the provider that made them, whatever the
 * split says; the upstreams behave as OpenAI's API does: an unknown object is 404, an unknown
 * {@code previous_response_id} 400.
 */
@ParameterizedClass
@EnumSource(Wire.class)
class StateIT {
  private static final String[] JSON = {"Content-Type", "application/json"};

  @Parameter Wire wire;

  /** Makes objects, and knows those alone. */
  private static final class Maker implements AutoCloseable {
    private final String name;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final RawOrigin origin = new RawOrigin(this::answer);
    private volatile boolean broken;

    /** The end of each answer, behind its id. */
    private volatile String rest = "";

    Maker(String name) {
      this.name = name;
    }

    private void answer(RawOrigin.Call call) throws IOException {
      asked.incrementAndGet();
      String[] line = call.head().split(" ", 3);
      String path = line[1].replaceAll("\\?.*", "");
      String body = call.body();
      if (broken) {
        send(call, "500 Broken", "{\"error\":{\"message\":\"broken\"}}");
      } else if (line[0].equals("POST") && path.endsWith("/responses")) {
        response(call, body.isEmpty() ? new JsonObject() : new JsonObject(body));
      } else if (line[0].equals("POST") && path.endsWith("/threads/runs")) {
        stream(
            call,
            "event: thread.created\ndata: {\"id\":\"%s\"}\n\nevent: done\ndata: [DONE]\n\n"
                .formatted(make("/thread")));
      } else if (line[0].equals("POST") && path.matches(".*/(files|threads|batches)")) {
        String file =
            line[0].equals("POST") ? new JsonObject(body).getString("input_file_id") : null;
        if (file != null && !known.contains(file)) {
          send(call, "404 Not Found", "{\"error\":{\"message\":\"no file\"}}");
        } else {
          send(call, "200 OK", "{\"id\":\"%s\",\"by\":\"%s\"}".formatted(make(path), name));
        }
      } else if (known.stream().anyMatch(id -> path.contains("/" + id))) {
        String output = path.contains("/batches/") ? make("/v1/files") : "";
        send(
            call,
            "200 OK",
            "{\"id\":\"msg_1\",\"by\":\"%s\",\"output_file_id\":\"%s\"}".formatted(name, output));
      } else {
        send(call, "404 Not Found", "{\"error\":{\"message\":\"unknown to %s\"}}".formatted(name));
      }
    }

    private String make(String path) {
      String kind = path.substring(path.lastIndexOf('/') + 1);
      String id = "%s_%s_%d".formatted(kind, name, made.incrementAndGet());
      known.add(id);
      return id;
    }

    private void response(RawOrigin.Call call, JsonObject body) throws IOException {
      String previous = body.getString("previous_response_id");
      if (previous != null && !known.contains(previous)) {
        send(
            call,
            "400 Bad Request",
            "{\"error\":{\"code\":\"previous_response_not_found\",\"message\":\"%s\"}}"
                .formatted(name));
        return;
      }
      String item =
          body.getValue("input") instanceof JsonArray items
              ? items.getJsonObject(0).getString("id")
              : null;
      if (item != null && !known.contains(item)) {
        send(call, "404 Not Found", "{\"error\":{\"message\":\"Item with id not found\"}}");
        return;
      }
      String id = make("/responses");
      String message = make("/item");
      String object =
          "{\"id\":\"%s\",\"by\":\"%s\",\"status\":\"completed\",\"output\":[{\"id\":\"%s\",\"text\":\"%s\"}]}"
              .formatted(id, name, message, rest);
      if (!body.getBoolean("stream", false)) {
        send(call, "200 OK", object);
        return;
      }
      String events =
          """
          event: response.created
          data: {"type":"response.created","response":{"id":"%1$s"}}

          event: response.output_item.added
          data: {"type":"response.output_item.added","item":{"id":"%3$s","content":[]}}

          event: response.output_text.delta
          data: {"type":"response.output_text.delta","delta":"hi"}

          event: response.completed
          data: {"type":"response.completed","response":%2$s}

          """
              .formatted(id, object, message);
      stream(call, events);
    }

    private static void stream(RawOrigin.Call call, String events) throws IOException {
      call.send(
          "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(events.length(), events));
    }

    private static void send(RawOrigin.Call call, String status, String body) throws IOException {
      call.send(
          "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(status, body.length(), body));
    }

    @Override
    public void close() throws IOException {
      origin.close();
    }
  }

  private final Maker foundry = new Maker("foundry");
  private final Maker legacy = new Maker("legacy");

  private RunningProxy canary(JsonObject changes) {
    JsonObject settings =
        RunningProxy.before("canary", foundry.origin.url(), legacy.origin.url())
            .put("server", new JsonObject().put("eventLoops", 1))
            .mergeIn(changes, true);
    return RunningProxy.start(wire, settings);
  }

  private static void set(RunningProxy proxy, int percentage) throws IOException {
    JsonObject set = new JsonObject().put("command", "set").put("percentage", percentage);
    await(proxy.vertx().eventBus().request("rollout.canary.command", set));
    String provider = percentage == 0 ? "legacy" : "foundry";
    Waits.until(
        () -> proxy.post("/v1/embeddings", "{}", JSON).headers().firstValue("X-AI-Provider").get(),
        provider::equals);
  }

  private static void rollBack(RunningProxy proxy) throws IOException {
    JsonObject order = new JsonObject().put("command", "rollback").put("reason", "a test");
    await(proxy.vertx().eventBus().request("rollout.canary.command", order));
    Waits.until(
        () -> proxy.post("/v1/embeddings", "{}", JSON).headers().firstValue("X-AI-Provider").get(),
        "legacy"::equals);
  }

  private static String idOf(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getString("id");
  }

  private static void isBy(String provider, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"by\":\"" + provider + "\"");
    assertThat(answer.headers().firstValue("X-AI-Provider")).contains(provider);
  }

  /** It was not looked for. */
  private static void isBound(String provider, HttpResponse<String> answer) {
    isBy(provider, answer);
    assertThat(answer.headers().firstValue("X-AI-Reason")).contains("bound");
  }

  private static String after(String id) {
    return new JsonObject().put("previous_response_id", id).put("input", "more").encode();
  }

  @Test
  void aConversationGoesOnWhereItBegan() throws Exception {
    try (foundry;
        legacy;
        RunningProxy proxy = canary(new JsonObject())) {
      String atLegacy = idOf(proxy.post("/v1/responses", "{\"input\":\"hi\"}", JSON));
      set(proxy, 100);
      String atFoundry = idOf(proxy.post("/v1/responses", "{\"input\":\"hi\"}", JSON));
      HttpResponse<String> stream =
          proxy.post("/openai/v1/responses", "{\"input\":\"hi\",\"stream\":true}", JSON);
      String streamed = stream.body().replaceAll("(?s).*?\"id\":\"(.*?)\".*", "$1");

      isBound("legacy", proxy.post("/v1/responses", after(atLegacy), JSON));
      isBy("legacy", proxy.get("/v1/responses/" + atLegacy));
      set(proxy, 0);
      isBy("foundry", proxy.post("/v1/responses", after(atFoundry), JSON));
      isBound("foundry", proxy.post("/openai/v1/responses", after(streamed), JSON));
      isBy("foundry", proxy.get("/openai/v1/responses/" + streamed));
    }
  }

  private static String goingOn(String item) {
    return "{\"input\":[{\"type\":\"item_reference\",\"id\":\"%s\"}]}".formatted(item);
  }

  @Test
  void itemsOfAnAnswerAreNamedWhereItWasMade() throws Exception {
    try (foundry;
        legacy;
        RunningProxy proxy = canary(new JsonObject())) {
      String whole = proxy.post("/v1/responses", "{\"input\":\"hi\"}", JSON).body();
      String stream = proxy.post("/v1/responses", "{\"stream\":true}", JSON).body();
      set(proxy, 100);
      foundry.known.add("item_at_foundry");
      legacy.known.add("item_at_legacy");
      for (String answer : List.of(whole, stream)) {
        String item = answer.replaceAll("(?s).*\"id\":\"(item.*?)\".*", "$1");
        isBound("legacy", proxy.post("/v1/responses", goingOn(item), JSON));
      }
      isBy("legacy", proxy.post("/v1/responses", goingOn("item_at_legacy"), JSON));
      isBy("foundry", proxy.post("/v1/responses", goingOn("item_at_foundry"), JSON));
    }
  }

  @Test
  void aThreadThatAStreamHasMadeStaysWithItsMaker() throws Exception {
    try (foundry;
        legacy;
        RunningProxy proxy = canary(new JsonObject())) {
      String stream = proxy.post("/v1/threads/runs", "{\"stream\":true}", JSON).body();
      String thread = stream.replaceAll("(?s).*?\"id\":\"(.*?)\".*", "$1");
      assertThat(thread).startsWith("thread_").contains("legacy");
      set(proxy, 100);
      isBound("legacy", proxy.post("/v1/threads/" + thread + "/messages", "{}", JSON));
    }
  }

  @Test
  void whatIsBoundIsNeitherRepeatedNorAnsweredBySomebodyElse() throws Exception {
    try (foundry;
        legacy;
        RunningProxy proxy = canary(new JsonObject())) {
      set(proxy, 100);
      String id = idOf(proxy.post("/v1/responses", "{\"input\":\"hi\"}", JSON));
      foundry.broken = true;
      foundry.asked.set(0);
      legacy.asked.set(0);
      HttpResponse<String> failed = proxy.post("/v1/responses", after(id), JSON);
      assertThat(failed.statusCode()).isEqualTo(500);
      assertThat(failed.body()).contains("broken");
      assertThat(foundry.asked).hasValue(1);
      assertThat(legacy.asked).hasValue(0);
      JsonObject state =
          await(proxy.vertx().eventBus().<JsonObject>request("rollout.canary.get", null)).body();
      assertThat(state.getJsonObject("metrics").getJsonObject("foundry").getLong("errorCount"))
          .isZero();
    }
  }

  /** It makes a job, which a second request would make once more. */
  @Test
  void aResponseInTheBackgroundIsNotMadeTwice() throws Exception {
    try (foundry;
        legacy;
        RunningProxy proxy = canary(new JsonObject())) {
      set(proxy, 100);
      foundry.broken = true;
      foundry.asked.set(0);
      legacy.asked.set(0);
      String inTheBackground = "{\"input\":\"hi\",\"background\":true}";
      HttpResponse<String> failed = proxy.post("/v1/responses", inTheBackground, JSON);
      assertThat(failed.statusCode()).isEqualTo(500);
      assertThat(failed.headers().firstValue("X-AI-Provider")).contains("foundry");
      assertThat(foundry.asked).hasValue(1);
      assertThat(legacy.asked).hasValue(0);
      String atOnce = "{\"input\":\"hi\",\"background\":false}";
      isBy("legacy", proxy.post("/v1/responses", atOnce, JSON));
    }
  }

  @Test
  void theIdOfAnAnswerThatIsTooLargeToBeHeldIsRemembered() throws Exception {
    legacy.rest = "x".repeat(400_000);
    try (foundry;
        legacy;
        RunningProxy proxy = canary(new JsonObject())) {
      String atLegacy = idOf(proxy.post("/v1/responses", "{\"input\":\"hi\"}", JSON));
      set(proxy, 100);
      foundry.asked.set(0);
      isBound("legacy", proxy.post("/v1/responses", after(atLegacy), JSON));
      isBy("legacy", proxy.get("/v1/responses/" + atLegacy));
      assertThat(foundry.asked).as("not looked for").hasValue(0);
    }
  }

  @Test
  void filesBatchesAndThreadsStayWithTheirMaker() throws Exception {
    try (foundry;
        legacy;
        RunningProxy proxy = canary(new JsonObject())) {
      String file = idOf(proxy.post("/v1/files", "{}", JSON));
      assertThat(file).contains("legacy");
      set(proxy, 100);
      String batchBody = new JsonObject().put("input_file_id", file).encode();
      String batch = idOf(proxy.post("/v1/batches", batchBody, JSON));
      assertThat(batch).contains("legacy");
      HttpResponse<String> done = proxy.get("/v1/batches/" + batch);
      isBy("legacy", done);
      String output = new JsonObject(done.body()).getString("output_file_id");
      isBy("legacy", proxy.get("/v1/files/" + output + "/content"));
      String thread = idOf(proxy.post("/openai/threads?api-version=1", "{}", JSON));
      assertThat(thread).contains("foundry");
      set(proxy, 0);
      isBy("foundry", proxy.post("/openai/threads/" + thread + "/messages", "{}", JSON));
    }
  }

  @Test
  void whatIsForgottenIsLookedForAtFoundryThenAtLegacy() throws Exception {
    try (foundry;
        legacy;
        RunningProxy proxy = canary(new JsonObject())) {
      foundry.known.add("resp_at_foundry");
      legacy.known.add("resp_at_legacy");
      legacy.known.add("thread_at_legacy");
      isBy("foundry", proxy.post("/v1/responses", after("resp_at_foundry"), JSON));
      isBy("legacy", proxy.post("/v1/responses", after("resp_at_legacy"), JSON));
      isBy("legacy", proxy.get("/v1/responses/resp_at_legacy"));
      isBy("legacy", proxy.post("/v1/threads/thread_at_legacy/messages", "{}", JSON));
      HttpResponse<String> nowhere = proxy.post("/v1/responses", after("resp_lost"), JSON);
      assertThat(nowhere.statusCode()).isEqualTo(400);
      assertThat(nowhere.body()).contains("previous_response_not_found");
    }
  }

  @Test
  void aRollbackSaysHowManyStayAndMayRefuseThem() throws Exception {
    JsonObject refuse =
        new JsonObject().put("objects", new JsonObject().put("afterRollback", "refuse"));
    try (foundry;
        legacy;
        RunningProxy proxy = canary(refuse)) {
      List<JsonObject> alerts = new CopyOnWriteArrayList<>();
      proxy.vertx().eventBus().<JsonObject>consumer("rollout.alert", m -> alerts.add(m.body()));
      await(
          proxy
              .vertx()
              .eventBus()
              .request("rollout.canary.command", new JsonObject().put("command", "start")));
      set(proxy, 100);
      String first = idOf(proxy.post("/v1/responses", "{\"input\":\"hi\"}", JSON));
      String second = idOf(proxy.post("/v1/responses", after(first), JSON));
      idOf(proxy.post("/v1/threads", "{}", JSON));
      rollBack(proxy);
      HttpResponse<String> refused = proxy.post("/v1/responses", after(second), JSON);
      assertThat(refused.statusCode()).isEqualTo(410);
      assertThat(refused.body()).contains("LEFT_BEHIND", "\"retryable\":false");
      isBy("legacy", proxy.post("/v1/responses", "{\"input\":\"hi\"}", JSON));
      Waits.until(
          () ->
              alerts.stream()
                  .anyMatch(alert -> alert.getString("kind").equals("conversations_left")));
      assertThat(new JsonArray(List.copyOf(alerts)).encode())
          .contains("2 conversations have begun at foundry", "answered 410");
    }
  }
}
