package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Each provider gets the model by its own name for it, also the one that steps in. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class ModelsIT {
  private static final String[] JSON = {"Content-Type", "application/json"};

  /** Of all versions together: it is one process. */
  private static final ListAppender<ILoggingEvent> NOTICES = new ListAppender<>();

  @Parameter Wire wire;

  private static RawOrigin answering(String status) {
    return new RawOrigin(
        call -> {
          String text =
              new JsonObject("{\"choices\":[{\"text\":\"x\"}]}")
                  .put("target", call.head().split(" ")[1])
                  .put("asked", call.body())
                  .encode();
          call.send(
              "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
                  .formatted(status, text.length(), text));
        });
  }

  private static JsonObject before(RawOrigin foundry, RawOrigin legacy) {
    JsonObject settings = RunningProxy.before("foundry", foundry.url(), legacy.url());
    JsonObject providers = settings.getJsonObject("providers");
    providers
        .getJsonObject("foundry")
        .put("models", new JsonObject().put("gpt-4o", "prod-4o"))
        .put("retry", new JsonObject().put("max", 0));
    providers
        .getJsonObject("legacy")
        .put("models", new JsonObject().put("gpt-4o", "old-4o").put("x", "y"));
    return settings;
  }

  private static void asked(HttpResponse<String> answer, String by, String target, String body) {
    assertThat(answer.headers().firstValue("X-AI-Provider")).contains(by);
    JsonObject seen = new JsonObject(answer.body());
    assertThat(seen.getString("target")).isEqualTo(target);
    assertThat(seen.getString("asked")).isEqualTo(body);
  }

  @Test
  void itIsCalledAsItsProviderCallsIt() throws Exception {
    try (RawOrigin foundry = answering("200 OK");
        RawOrigin legacy = answering("200 OK");
        RunningProxy proxy = RunningProxy.start(wire, before(foundry, legacy))) {
      asked(
          proxy.post("/openai/deployments/gpt-4o/x?a=b", "{\"model\":\"gpt-4o\"}", JSON),
          "foundry",
          "/openai/deployments/prod-4o/x?a=b",
          "{\"model\":\"prod-4o\"}");
      asked(
          proxy.post("/v1/chat/completions", "{\"model\":\"x\"}", JSON),
          "foundry",
          "/v1/chat/completions",
          "{\"model\":\"x\"}");
    }
  }

  @Test
  void whoStepsInGetsItsOwnName() throws Exception {
    try (RawOrigin foundry = answering("500 Broken");
        RawOrigin legacy = answering("200 OK");
        RunningProxy proxy = RunningProxy.start(wire, before(foundry, legacy))) {
      asked(
          proxy.post(
              "/openai/deployments/gpt-4o/chat/completions",
              "{\"model\":\"gpt-4o\",\"stream\":true}",
              JSON),
          "legacy",
          "/openai/deployments/old-4o/chat/completions",
          "{\"stream_options\":{\"include_usage\":true},\"model\":\"old-4o\",\"stream\":true}");
    }
  }

  private static final String FORM = "multipart/form-data; boundary=xYz";
  private static final String FILE =
      "--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
          + "Content-Type: audio/wav\r\n\r\nRIFF\0\u00ff\u0080\r\n\"model\"\r\n\r\ngpt-4o%s\r\n";

  /** A form with a file, as a client of OpenAI's uploads audio. */
  private static String form(String model, String more) {
    return FILE.formatted(more)
        + "--xYz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
        + model
        + "\r\n--xYz\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nde\r\n--xYz--\r\n";
  }

  private static HttpResponse<String> upload(RunningProxy proxy, String body) throws Exception {
    return proxy.send(
        proxy
            .data("/v1/audio/transcriptions", "Content-Type", FORM)
            .POST(BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.ISO_8859_1))));
  }

  /** Answers with a text, and keeps what it was asked. */
  private static RawOrigin transcribing(Queue<String> asked, String status, String type) {
    return new RawOrigin(
        call -> {
          asked.add(call.head() + call.body());
          String text = type.contains("json") ? "{\"text\":\"hello\"}" : "hello";
          call.send(
              "HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n%s"
                  .formatted(status, type, text.length(), text));
        });
  }

  /** The question has a length of its own, and a body that differs by the model's name alone. */
  private static void sent(String asked, String body) {
    assertThat(asked).endsWith(body);
    assertThat(asked.toLowerCase(Locale.ROOT))
        .contains("\ncontent-length: " + body.length() + "\n")
        .doesNotContain("transfer-encoding");
  }

  @Test
  void aFormsModelIsCalledAsEachProviderCallsIt() throws Exception {
    Queue<String> foundrys = new ConcurrentLinkedQueue<>();
    Queue<String> legacys = new ConcurrentLinkedQueue<>();
    try (RawOrigin foundry = transcribing(foundrys, "500 Broken", "application/json");
        RawOrigin legacy = transcribing(legacys, "200 OK", "application/json");
        RunningProxy proxy = RunningProxy.start(wire, before(foundry, legacy))) {
      HttpResponse<String> answer = upload(proxy, form("gpt-4o", ""));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-AI-Provider")).contains("legacy");
      sent(foundrys.remove(), form("prod-4o", ""));
      sent(legacys.remove(), form("old-4o", ""));
      upload(proxy, form("y", ""));
      sent(foundrys.remove(), form("y", ""));
    }
  }

  /** The books and the list of requests name the model that was asked for, whatever answers. */
  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain"})
  void aFormsModelIsTold(String type) throws Exception {
    Queue<String> asked = new ConcurrentLinkedQueue<>();
    try (RawOrigin foundry = transcribing(asked, "200 OK", type);
        RawOrigin legacy = transcribing(asked, "200 OK", type);
        RunningProxy proxy = RunningProxy.start(wire, before(foundry, legacy))) {
      assertThat(upload(proxy, form("gpt-4o", "")).statusCode()).isEqualTo(200);
      Waits.untilAsserted(
          () -> {
            String requests = proxy.admin("GET", "/api/v1/requests", null).body();
            assertThat(requests).contains("\"model\":\"gpt-4o\"");
            String costs = proxy.admin("GET", "/api/v1/costs?by=model", null).body();
            assertThat(costs).contains("gpt-4o");
          });
    }
  }

  /** It is on its way before its model could be looked for; the log says so, once a process. */
  @Test
  void aFormThatIsNotKeptKeepsTheClientsName() throws Exception {
    Logger notices = (Logger) LoggerFactory.getLogger("com.huntaze.rollout.request.ModelNotice");
    NOTICES.start();
    notices.addAppender(NOTICES);
    Queue<String> asked = new ConcurrentLinkedQueue<>();
    String large = form("gpt-4o", "x".repeat(5_000));
    try (RawOrigin foundry = transcribing(asked, "200 OK", "application/json");
        RawOrigin legacy = transcribing(asked, "200 OK", "application/json");
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                before(foundry, legacy)
                    .put("server", new JsonObject().put("replayBytes", 4_096)))) {
      for (int i = 0; i < 2; i++) {
        assertThat(upload(proxy, large).statusCode()).isEqualTo(200);
        assertThat(asked.remove()).endsWith(large);
      }
      assertThat(List.copyOf(NOTICES.list))
          .singleElement()
          .satisfies(
              each ->
                  assertThat(each.getFormattedMessage())
                      .contains("over server.replayBytes", "providers.foundry.models"));
    } finally {
      notices.detachAppender(NOTICES);
    }
  }
}
