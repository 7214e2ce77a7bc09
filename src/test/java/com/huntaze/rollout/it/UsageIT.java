package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The usage and cost that are told in answers, and asked for on behalf of clients. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class UsageIT {
  @Parameter Wire wire;

  private static final String CHAT = "/v1/chat/completions";
  private static final String UNUSED = "http://127.0.0.1:1";

  @TempDir private static Path folder;

  private static Path prices;

  @BeforeAll
  static void writePrices() throws IOException {
    prices = folder.resolve("prices.json");
    Files.writeString(
        prices,
        """
        {"models": {"m": {"input": "0.0014", "output": "0.0028", "aliases": ["m-2026"]}}}""");
  }

  private RunningProxy proxy(RawOrigin origin, UnaryOperator<JsonObject> change) {
    return RunningProxy.start(
        wire,
        change.apply(
            RunningProxy.before("foundry", origin.url(), UNUSED).put("prices", prices.toString())));
  }

  private static String json(String fields, String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        + fields
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  private static String post(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: proxy\r\nContent-Type: application/json\r\nConnection: close\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** An event stream of these events in one chunk, and the chunk's end. */
  private static String stream(String... events) {
    String body = String.join("", events);
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nETag: \"1\"\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"
        + Integer.toHexString(body.length())
        + "\r\n"
        + body
        + "\r\n0\r\n\r\n";
  }

  private String ask(RawOrigin origin, String path, String body) throws Exception {
    return ask(origin, path, body, configuration -> configuration);
  }

  private String ask(RawOrigin origin, String path, String body, UnaryOperator<JsonObject> change)
      throws Exception {
    try (RunningProxy proxy = proxy(origin, change);
        TextClient client = proxy.client()) {
      return client.send(post(path, body)).readToEnd();
    }
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  private static String unchunked(String answer) {
    StringBuilder whole = new StringBuilder();
    String rest = body(answer);
    while (true) {
      int line = rest.indexOf("\r\n");
      int size = Integer.parseInt(rest.substring(0, line), 16);
      if (size == 0) {
        return whole.toString();
      }
      whole.append(rest, line + 2, line + 2 + size);
      rest = rest.substring(line + 4 + size);
    }
  }

  @Test
  void tellsAHeldAnswerWhoServedItAndWhatItCost() throws Exception {
    String answer =
        "{\"model\":\"m-2026\",\"deployment\":\"d\",\"region\":\"eastus2\",\"output\":\"hi\","
            + "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50}}";
    try (RawOrigin origin =
        new RawOrigin(call -> call.send(json("ETag: \"1\"\r\nDigest: x\r\n", answer)))) {
      String seen = ask(origin, "/route", "{\"prompt\":\"x\"}");
      assertThat(body(seen))
          .isEqualTo(
              answer.substring(0, answer.length() - 2)
                  + ",\"model\":\"m-2026\",\"deployment\":\"d\",\"region\":\"eastus2\","
                  + "\"cost_usd\":0.00028}}");
      assertThat(seen)
          .contains("X-AI-Model: m-2026\r\n", "X-AI-Deployment: d\r\n", "X-AI-Region: eastus2\r\n")
          .contains("X-AI-Cost-USD: 0.00028\r\n")
          .containsIgnoringCase("Content-Length: " + body(seen).length() + "\r\n")
          .doesNotContain("ETag", "Digest");
    }
  }

  @Test
  void makesAnObjectOfNullAndTellsAnUnknownCostAsNull() throws Exception {
    String answer = "{\"model\":\"y\\u0007\",\"usage\": null}";
    try (RawOrigin origin =
        new RawOrigin(call -> call.send(json("x-ms-region: westus\r\n", answer)))) {
      String seen = ask(origin, "/route", "{\"prompt\":\"x\"}");
      assertThat(body(seen))
          .isEqualTo(
              "{\"model\":\"y\\u0007\",\"usage\": {\"model\":\"y\\u0007\",\"deployment\":null,"
                  + "\"region\":\"westus\",\"cost_usd\":null}}");
      assertThat(seen).contains("X-AI-Region: westus").doesNotContain("X-AI-Model", "X-AI-Cost");
    }
  }

  @Test
  void leavesNullToClientsOfOpenAi() throws Exception {
    String answer = "{\"model\":\"m\",\"choices\":[{\"text\":\"a\"}],\"usage\": null}";
    try (RawOrigin origin = new RawOrigin(call -> call.send(json("", answer)))) {
      assertThat(body(ask(origin, CHAT, "{}"))).isEqualTo(answer);
    }
  }

  @Test
  void readsAModelThatIsNamedBehindTheUsage() throws Exception {
    String usage = "{\"choices\":[{\"text\":\"a\"}],\"usage\":{\"prompt_tokens\":1";
    String rest = "},\"model\":\"m\"}";
    try (RawOrigin origin = new RawOrigin(call -> call.send(json("", usage + rest)))) {
      String seen = ask(origin, CHAT, "{\"model\":\"other\"}");
      assertThat(body(seen))
          .isEqualTo(
              usage
                  + ",\"model\":\"m\",\"deployment\":null,\"region\":null,"
                  + "\"cost_usd\":0.0000014"
                  + rest);
      assertThat(seen).contains("X-AI-Model: m", "X-AI-Cost-USD: 0.0000014");
    }
  }

  @Test
  void takesTheWholeOfAnEventWithCrlfOut() throws Exception {
    String content = "data: {\"model\":\"m\",\"choices\":[{\"text\":\"a\"}]}\r\n\r\n";
    String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\r\n\r\n";
    String done = "data: [DONE]\r\n\r\n";
    String all = content + usage + done;
    // At the CR of the blank line, whose LF comes later.
    int cut = content.length() + usage.length() - 1;
    RawOrigin.Script inTwo =
        call -> {
          call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
          call.send("Transfer-Encoding: chunked\r\n\r\n");
          call.send("%x\r\n%s\r\n".formatted(cut, all.substring(0, cut)));
          Waits.pause(Duration.ofMillis(100));
          call.send("%x\r\n%s\r\n0\r\n\r\n".formatted(all.length() - cut, all.substring(cut)));
        };
    try (RawOrigin origin = new RawOrigin(inTwo)) {
      String seen = ask(origin, CHAT, "{\"model\":\"m\",\"stream\":true}");
      assertThat(unchunked(seen)).isEqualTo(content + done);
    }
  }

  @Test
  void leavesAnswersAsTheyAreWhenOff() throws Exception {
    String answer = "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":1}}";
    try (RawOrigin origin = new RawOrigin(call -> call.send(json("ETag: \"1\"\r\n", answer)))) {
      String seen =
          ask(origin, "/route", "{\"prompt\":\"x\"}", all -> all.put("enrichUsage", false));
      assertThat(body(seen)).isEqualTo(answer);
      assertThat(seen).containsIgnoringCase("ETag: \"1\"").contains("X-AI-Cost-USD: 0.0000014");
    }
  }

  @Test
  void asksAStreamForItsUsageAndTakesItAwayAgain() throws Exception {
    String content = "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";
    String done = "data: [DONE]\n\n";
    try (RawOrigin origin = new RawOrigin(call -> call.send(stream(content, usage, done)))) {
      String seen = ask(origin, CHAT, "{\"model\":\"m\",\"stream\":true}");
      assertThat(unchunked(seen)).isEqualTo(content + done);
      assertThat(seen).contains("X-AI-Model: m").doesNotContain("ETag");
      assertThat(origin.nextBody())
          .isEqualTo(
              "{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}");
    }
  }

  @Test
  void tellsTheCostInTheStreamOfAClientThatAskedForUsage() throws Exception {
    String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";
    String first = "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    String done = "data: [DONE]\n\n";
    String asked = "{\"stream\":true,\"stream_options\":{\"x\":1,\"include_usage\":true}}";
    try (RawOrigin origin = new RawOrigin(call -> call.send(stream(first, usage, done)))) {
      String seen = ask(origin, CHAT, asked);
      assertThat(unchunked(seen))
          .isEqualTo(
              first
                  + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"model\":\"m\","
                  + "\"deployment\":null,\"region\":null,\"cost_usd\":0.0000014}}\n\n"
                  + done);
      assertThat(origin.nextBody()).isEqualTo(asked);
    }
  }

  @Test
  void keepsTheOtherOptionsOfAStream() throws Exception {
    try (RawOrigin origin = new RawOrigin(call -> call.send(json("", "{\"ok\":true}")));
        RunningProxy proxy = proxy(origin, all -> all)) {
      String[][] rows = {
        {
          "{\"stream\":true,\"stream_options\":{\"a\":{\"b\":[1]}}}",
          "{\"stream\":true,\"stream_options\":{\"include_usage\":true,\"a\":{\"b\":[1]}}}"
        },
        {
          "{\"stream\":true,\"stream_options\":{\"include_usage\":false,\"a\":1}}",
          "{\"stream\":true,\"stream_options\":{\"include_usage\":true,\"a\":1}}"
        },
        {
          "{\"stream_options\": null , \"stream\":true}",
          "{\"stream_options\": {\"include_usage\":true} , \"stream\":true}"
        },
        {
          "{\"stream\":true,\"stream_options\":{ }}",
          "{\"stream\":true,\"stream_options\":{\"include_usage\":true }}"
        },
        {"{\"stream\":false}", "{\"stream\":false}"},
        {"{\"stream\":\"true\"}", "{\"stream\":\"true\"}"},
        {"{\"stream\":true,\"stream_options\":7}", "{\"stream\":true,\"stream_options\":7}"},
        {"{\"stream\":true,", "{\"stream\":true,"},
        {"[{\"stream\":true}]", "[{\"stream\":true}]"},
      };
      for (String[] row : rows) {
        try (TextClient client = proxy.client()) {
          client.send(post(CHAT, row[0])).readToEnd();
        }
        assertThat(origin.nextBody()).as(row[0]).isEqualTo(row[1]);
      }
    }
  }

  @Test
  void asksNothingOfStreamsWhenOff() throws Exception {
    String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";
    JsonObject off = new JsonObject().put("requestInStreams", false);
    String all = "data: {\"choices\":[{\"text\":\"a\"}]}\n\n" + usage + "data: [DONE]\n\n";
    try (RawOrigin origin = new RawOrigin(call -> call.send(stream(all)))) {
      String seen =
          ask(
              origin,
              CHAT,
              "{\"stream\":true}",
              settings -> settings.put("usage", off).put("enrichUsage", false));
      assertThat(unchunked(seen)).isEqualTo(all);
      assertThat(seen).containsIgnoringCase("ETag");
      assertThat(origin.nextBody()).isEqualTo("{\"stream\":true}");
    }
  }

  @Test
  void passesACompressedAnswerAsItIs() throws Exception {
    String answer = "\u001f\u008bnot really";
    try (RawOrigin origin =
        new RawOrigin(
            call ->
                call.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        + "Content-Encoding: gzip\r\nETag: \"1\"\r\nContent-Length: 12\r\n\r\n"
                        + answer))) {
      String seen = ask(origin, "/route", "{}");
      assertThat(body(seen)).isEqualTo(answer);
      assertThat(seen).containsIgnoringCase("ETag").doesNotContain("X-AI-Cost");
    }
  }

  @Test
  void rewritesAStreamThatDeclaresItsLength() throws Exception {
    String usage = "data: {\"output\":\"a\",\"usage\":{\"prompt_tokens\":1}}\n\n";
    try (RawOrigin origin =
        new RawOrigin(
            call ->
                call.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
                        + usage.length()
                        + "\r\n\r\n"
                        + usage))) {
      String seen = ask(origin, "/route/stream", "{\"prompt\":\"x\"}");
      // Over HTTP/2 an answer that is here whole is told its own new length.
      assertThat(wire.isHttp2() ? body(seen) : unchunked(seen))
          .contains("\"prompt_tokens\":1,\"model\":null");
      assertThat(seen).doesNotContainIgnoringCase("content-length: " + usage.length() + "\r");
      assertThat(wire.isHttp2() || !seen.toLowerCase(Locale.ROOT).contains("content-length"))
          .isTrue();
    }
  }

  @Test
  void asksAgainInTheSameWayAfterAFailure() throws Exception {
    String body = "{\"stream\":true}";
    JsonArray seen = new JsonArray();
    try (RawOrigin foundry =
            new RawOrigin(call -> call.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
        RawOrigin legacy = new RawOrigin(call -> call.send(stream("data: [DONE]\n\n")));
        RunningProxy proxy =
            RunningProxy.start(wire, RunningProxy.before("foundry", foundry.url(), legacy.url()));
        TextClient client = proxy.client()) {
      client.send(post(CHAT, body)).readToEnd();
      for (int i = 0; i < 4; i++) {
        seen.add(foundry.nextBody());
      }
      seen.add(legacy.nextBody());
      assertThat(seen)
          .containsOnly("{\"stream_options\":{\"include_usage\":true},\"stream\":true}");
    }
  }

  @Test
  void answersAnAgentsCallerInTheShapeOfTheCoordinator() throws Exception {
    String answer =
        "{\"model\":\"m\",\"deployment\":\"d\",\"region\":\"r\",\"output\":\"hi\","
            + "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50}}";
    try (RawOrigin origin =
        new RawOrigin(call -> call.send(json("ETag: \"1\"\r\nX-Correlation-ID: no\r\n", answer)))) {
      String seen =
          ask(
              origin,
              "/v1/agents/fan_message",
              "{\"prompt\":\"x\"}",
              all -> all.put("enrichUsage", false));
      JsonObject body = new JsonObject(body(seen));
      assertThat(body.getBoolean("success")).isTrue();
      assertThat(body.getJsonObject("data")).isEqualTo(new JsonObject(answer));
      assertThat(body.getJsonObject("usage"))
          .isEqualTo(
              new JsonObject()
                  .put("prompt_tokens", 100)
                  .put("completion_tokens", 50)
                  .put("total_tokens", 150)
                  .put("model", "m")
                  .put("deployment", "d")
                  .put("region", "r")
                  .put("cost_usd", 0.00028));
      JsonObject metadata = body.getJsonObject("metadata");
      assertThat(metadata.fieldNames())
          .containsExactly("correlationId", "provider", "latencyMillis", "fallbackUsed");
      assertThat(metadata.getString("provider")).isEqualTo("foundry");
      assertThat(metadata.getBoolean("fallbackUsed")).isFalse();
      assertThat(seen)
          .contains("X-Correlation-ID: " + metadata.getString("correlationId"))
          .containsIgnoringCase("Content-Length: " + body(seen).length())
          .doesNotContain("ETag");
    }
  }

  @Test
  void shapesAnAgentsAnswerThatIsTooLargeToBeHeld() throws Exception {
    String answer = "{\"model\":\"m\",\"output\":\"" + "x".repeat(600_000) + "\",\"usage\":null}";
    try (RawOrigin origin = new RawOrigin(call -> call.send(json("", answer)))) {
      String seen = ask(origin, "/v1/agents/fan_message", "{\"prompt\":\"x\"}");
      JsonObject body = new JsonObject(unchunked(seen));
      assertThat(body.getJsonObject("data")).isEqualTo(new JsonObject(answer));
      assertThat(body.getJsonObject("usage").getString("model")).isEqualTo("m");
      assertThat(body.getJsonObject("usage").getValue("cost_usd")).isNull();
    }
  }

  @Test
  void tellsAnAgentsCallerThatLegacyServed() throws Exception {
    try (RawOrigin legacy = new RawOrigin(call -> call.send(json("", "{\"output\":\"hi\"}")));
        RunningProxy proxy =
            RunningProxy.start(wire, RunningProxy.before("foundry", UNUSED, legacy.url()));
        TextClient client = proxy.client()) {
      String seen = client.send(post("/v1/agents/fan_message", "{\"prompt\":\"x\"}")).readToEnd();
      JsonObject body = new JsonObject(body(seen));
      assertThat(body.getJsonObject("data").getString("output")).isEqualTo("hi");
      assertThat(body.getJsonObject("metadata").getString("provider")).isEqualTo("legacy");
      assertThat(body.getJsonObject("metadata").getBoolean("fallbackUsed")).isTrue();
    }
  }
}
