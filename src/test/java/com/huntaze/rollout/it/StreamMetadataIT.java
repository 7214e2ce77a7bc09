package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.telemetry.AccessLog;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Validates: Requirements 3.8, 5.1 for streams: who answered, where, and what it cost. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class StreamMetadataIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final String CONTENT =
      "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
  private static final String STOP =
      "data: {\"model\":\"m\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String USAGE = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";
  private static final String ASKED =
      "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
  private static final String UNASKED = "{\"model\":\"m\",\"stream\":true}";

  /** The parts of Anthropic's stream. */
  private static final List<String> MESSAGES =
      List.of(
          "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"m\","
              + "\"usage\":{\"input_tokens\":1,\"output_tokens\":0}}}\n\n",
          "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":"
              + "{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n",
          "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

  @TempDir private static Path folder;

  private static Path prices;

  @Parameter Wire wire;

  private RawOrigin foundry;
  private RunningProxy proxy;
  private volatile String answer;

  @BeforeAll
  static void writePrices() throws IOException {
    prices = folder.resolve("prices.json");
    Files.writeString(
        prices, "{\"models\": {\"m\": {\"input\": \"0.0014\", \"output\": \"0.0028\"}}}");
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    foundry.close();
  }

  /** Starts a proxy with these settings of {@code usage}, and of its provider. */
  private void start(JsonObject usage, JsonObject ofFoundry) {
    foundry = new RawOrigin(call -> call.send(answer));
    proxy = RunningProxy.start(wire, settings(usage, ofFoundry));
  }

  private JsonObject settings(JsonObject usage, JsonObject ofFoundry) {
    JsonObject settings =
        RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1")
            .put("prices", prices.toString())
            .put("usage", usage);
    settings.getJsonObject("providers").getJsonObject("foundry").mergeIn(ofFoundry);
    return settings;
  }

  private static JsonObject none() {
    return new JsonObject();
  }

  private static JsonObject usage(String inStreams, boolean comment) {
    return new JsonObject().put("inStreams", inStreams).put("comment", comment);
  }

  private static JsonObject placed(String model, String deployment, String region) {
    JsonObject place = new JsonObject().put("deployment", deployment).put("region", region);
    return new JsonObject().put("deployments", new JsonObject().put(model, place));
  }

  private static String head(String fields) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        + fields
        + "Transfer-Encoding: chunked\r\n\r\n";
  }

  private static String chunk(String text) {
    return text.isEmpty() ? "" : "%x\r\n%s\r\n".formatted(text.length(), text);
  }

  private static String stream(String fields, String... events) {
    return head(fields) + chunk(String.join("", events)) + "0\r\n\r\n";
  }

  private RawAnswer ask(String path, String body) throws IOException {
    try (TextClient client = proxy.client()) {
      client.send(
          "POST %s HTTP/1.1\r\nHost: p\r\nConnection: close\r\nContent-Type: application/json\r\n"
                  .formatted(path)
              + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body));
      return RawAnswer.of(client.readToEnd());
    }
  }

  private static String metadata(String deployment, String region) {
    return "\"model\":\"m\",\"deployment\":%s,\"region\":%s,\"cost_usd\":0.0000014"
        .formatted(quoted(deployment), quoted(region));
  }

  private static String quoted(String text) {
    return text == null ? "null" : '"' + text + '"';
  }

  private static String told(String deployment, String region) {
    return USAGE.replace(
        "\"prompt_tokens\":1", "\"prompt_tokens\":1," + metadata(deployment, region));
  }

  private static String comment(String deployment, String region) {
    return ": {" + metadata(deployment, region) + "}\n\n";
  }

  private void tells(RawAnswer seen, String deployment, String region) {
    assertThat(seen.header("x-ai-deployment")).as(seen.head()).isEqualTo(deployment);
    assertThat(seen.header("x-ai-region")).as(seen.head()).isEqualTo(region);
    assertThat(seen.body()).isEqualTo(CONTENT + STOP + told(deployment, region) + DONE);
    assertThat(seen.whole()).isTrue();
  }

  @Test
  void deploymentAndRegionComeFromTheBodyThenTheHeadersThenPathAndConfiguration() throws Exception {
    start(none(), placed("m", "configured", "swedencentral"));
    answer = stream("", CONTENT, STOP, USAGE, DONE);
    tells(ask(CHAT, ASKED), "configured", "swedencentral");
    tells(ask("/openai/deployments/in-path/chat/completions", ASKED), "in-path", "swedencentral");
    answer = stream("azureml-model-deployment: blue\r\n", CONTENT, STOP, USAGE, DONE);
    tells(ask(CHAT, ASKED), "blue", "swedencentral");
    answer =
        stream(
            "x-ms-deployment-name: d\r\nx-ms-region: East US\r\nazureml-model-deployment: e\r\n",
            CONTENT,
            STOP,
            USAGE,
            DONE);
    tells(ask(CHAT, ASKED), "d", "East US");
    String own =
        CONTENT.replace("{\"model\"", "{\"deployment\":\"own\",\"region\":\"r\",\"model\"");
    answer = stream("x-ms-deployment-name: d\r\nx-ms-region: q\r\n", own, STOP, USAGE, DONE);
    RawAnswer seen = ask(CHAT, ASKED);
    assertThat(seen.header("x-ai-deployment")).isEqualTo("own");
    assertThat(seen.header("x-ai-region")).isEqualTo("r");
    assertThat(seen.body()).isEqualTo(own + STOP + told("own", "r") + DONE);
  }

  @Test
  void theConfigurationIsAskedByBothNamesOfAModelAndReloads() throws Exception {
    start(none(), placed("m", "asked", "westeurope").put("models", names()));
    answer = stream("", CONTENT, STOP, USAGE, DONE);
    tells(ask(CHAT, ASKED), "asked", "westeurope");
    JsonObject sent = placed("sent", "sent-1", "swedencentral").put("models", names());
    proxy.reload(settings(none(), sent));
    tells(ask(CHAT, ASKED), "sent-1", "swedencentral");
  }

  private static JsonObject names() {
    return new JsonObject().put("m", "sent");
  }

  @Test
  void theAccessLogKnowsThePlace() throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
          }
        };
    Logger access = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
    appender.start();
    access.setLevel(Level.INFO);
    access.addAppender(appender);
    try {
      start(none(), placed("m", "configured", "swedencentral"));
      answer = stream("", CONTENT, STOP, USAGE, DONE);
      ask(CHAT, UNASKED);
      JsonObject line = new JsonObject(lines.poll(90, TimeUnit.SECONDS));
      assertThat(line.getString("rollout.deployment")).isEqualTo("configured");
      assertThat(line.getString("rollout.region")).isEqualTo("swedencentral");
      assertThat(line.getBoolean("rollout.stream")).isTrue();
    } finally {
      access.detachAppender(appender);
      access.setLevel(null);
    }
  }

  @Test
  void theBooksKnowThePlace() throws Exception {
    start(none(), placed("m", "configured", "swedencentral"));
    answer = stream("", CONTENT, STOP, USAGE, DONE);
    ask(CHAT, UNASKED);
    for (String[] row :
        new String[][] {{"deployment", "configured"}, {"region", "swedencentral"}}) {
      JsonObject costs =
          Waits.until(
              () -> new JsonObject(proxy.admin("GET", "/api/v1/costs?by=" + row[0], null).body()),
              json -> json.encode().contains(row[1]));
      assertThat(costs.encode()).contains("\"" + row[1] + "\"").contains("1400");
    }
  }

  @Test
  void aStreamOfWhichNobodyAskedTheUsageIsAsItWasByDefault() throws Exception {
    start(none(), placed("m", "configured", "swedencentral"));
    answer = stream("", CONTENT, STOP, USAGE, DONE);
    RawAnswer seen = ask(CHAT, UNASKED);
    assertThat(seen.body()).isEqualTo(CONTENT + STOP + DONE);
    assertThat(seen.header("x-ai-deployment")).isEqualTo("configured");
    assertThat(seen.header("x-ai-region")).isEqualTo("swedencentral");
  }

  @Test
  void alwaysGivesTheUsageEventToThoseWhoDidNotAskAndReloads() throws Exception {
    start(usage("always", false), none());
    answer = stream("", CONTENT, STOP, USAGE, DONE);
    assertThat(ask(CHAT, UNASKED).body()).isEqualTo(CONTENT + STOP + told(null, null) + DONE);
    assertThat(foundry.nextBody()).contains("\"include_usage\":true");
    assertThat(ask(CHAT, ASKED).body()).isEqualTo(CONTENT + STOP + told(null, null) + DONE);
    proxy.reload(settings(usage("asked", false), none()));
    assertThat(ask(CHAT, UNASKED).body()).isEqualTo(CONTENT + STOP + DONE);
  }

  @Test
  void withoutEnrichmentTheUsageEventPassesAsTheProviderSentIt() throws Exception {
    foundry = new RawOrigin(call -> call.send(answer));
    proxy =
        RunningProxy.start(wire, settings(usage("always", true), none()).put("enrichUsage", false));
    answer = stream("", CONTENT, STOP, USAGE, DONE);
    assertThat(ask(CHAT, UNASKED).body())
        .isEqualTo(CONTENT + STOP + USAGE + comment(null, null) + DONE);
    assertThat(ask(CHAT, ASKED).body()).isEqualTo(CONTENT + STOP + USAGE + DONE);
  }

  @Test
  void aCommentStandsBeforeDoneForThoseWhoDidNotAskAndReloads() throws Exception {
    start(usage("asked", true), placed("m", "d", "r"));
    answer = stream("", CONTENT, STOP, USAGE, DONE);
    assertThat(ask(CHAT, UNASKED).body()).isEqualTo(CONTENT + STOP + comment("d", "r") + DONE);
    assertThat(ask(CHAT, ASKED).body()).isEqualTo(CONTENT + STOP + told("d", "r") + DONE);
    proxy.reload(settings(usage("asked", false), none()));
    assertThat(ask(CHAT, UNASKED).body()).isEqualTo(CONTENT + STOP + DONE);
  }

  @Test
  void aCommentNeedsNoRequestForUsageAndTellsAnUnknownCostAsNull() throws Exception {
    start(usage("asked", true).put("requestInStreams", false), none());
    answer = stream("", CONTENT, STOP, DONE);
    String unknown = comment(null, null).replace("0.0000014", "null");
    assertThat(ask(CHAT, UNASKED).body()).isEqualTo(CONTENT + STOP + unknown + DONE);
    assertThat(foundry.nextBody()).isEqualTo(UNASKED);
    assertThat(ask(CHAT, ASKED).body()).doesNotContain("\n: {");
  }

  @Test
  void aDialectWithoutDoneHasTheCommentAtItsEnd() throws Exception {
    start(usage("asked", true), placed("m", "d", "r"));
    answer = stream("", String.join("", MESSAGES));
    RawAnswer seen = ask("/v1/messages", UNASKED);
    assertThat(seen.whole()).isTrue();
    assertThat(seen.body()).endsWith(MESSAGES.get(2) + comment("d", "r"));
    answer =
        stream("", "data: {\"output\":\"a\",\"model\":\"m\",\"usage\":{\"prompt_tokens\":1}}\n\n");
    assertThat(ask("/route/stream", "{\"prompt\":\"x\"}").body())
        .endsWith(
            "}}\n\n: {\"model\":\"m\",\"deployment\":null,\"region\":null,\"cost_usd\":0.0000014}\n\n");
  }

  @Test
  void linesAndCompressedStreamsHaveNoComment() throws Exception {
    start(usage("always", true), none());
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write((CONTENT + STOP + USAGE + DONE).getBytes(StandardCharsets.UTF_8));
    }
    String bytes = packed.toString(StandardCharsets.ISO_8859_1);
    answer = stream("Content-Encoding: gzip\r\n", bytes);
    assertThat(ask(CHAT, UNASKED).body()).isEqualTo(bytes);
    String line = "{\"model\":\"m\",\"response\":\"a\",\"done\":true,\"done_reason\":\"stop\"}\n";
    answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
            + chunk(line)
            + "0\r\n\r\n";
    assertThat(ask("/api/generate", UNASKED).body()).isEqualTo(line);
  }

  @Test
  void aStreamThatBrokeIsToldNothing() throws Exception {
    start(usage("always", true), none());
    // Cut off; ended in its middle; ended by an error; the same before its [DONE].
    for (String[] events :
        new String[][] {
          {head("") + chunk(CONTENT), ""},
          {head("") + chunk(CONTENT + STOP + USAGE), ""},
          {head("") + chunk(CONTENT), "0\r\n\r\n"},
          {head("") + chunk(CONTENT + "data: {\"error\":{\"message\":\"no\"}}\n\n"), "0\r\n\r\n"},
          {
            head("") + chunk(CONTENT + "data: {\"error\":{\"message\":\"no\"}}\n\n" + DONE),
            "0\r\n\r\n"
          },
        }) {
      foundry.close();
      foundry =
          new RawOrigin(
              call -> {
                call.send(events[0] + events[1]);
                if (events[1].isEmpty()) {
                  call.reset();
                }
              });
      proxy.reload(settings(usage("always", true), none()));
      assertThat(ask(CHAT, UNASKED).body())
          .as(events[0])
          .startsWith(CONTENT.substring(0, 10))
          .doesNotContain("\n: {")
          .doesNotContain("\"cost_usd\":null");
    }
  }

  @Test
  void aStreamThatEndsWithinAnEventIsNotWrittenInto() throws Exception {
    start(usage("asked", true), none());
    String open = "data: {\"output\":\"a\"}\n\ndata: {\"output\":\"b\"}";
    answer = stream("", open);
    assertThat(ask("/route/stream", "{\"prompt\":\"x\"}").body()).isEqualTo(open);
  }

  @Test
  void whereAStreamIsCutIntoPiecesChangesNothing() throws Exception {
    start(usage("always", true), placed("m", "d", "r"));
    for (String end : List.of("\n", "\r\n")) {
      String all = (CONTENT + STOP + USAGE + DONE).replace("\n", end);
      String wanted =
          (CONTENT + STOP + told("d", "r") + comment("d", "r") + DONE).replace("\n", end);
      StringBuilder bytes = new StringBuilder(head(""));
      all.chars().forEach(c -> bytes.append(chunk(Character.toString(c))));
      answer = bytes.append("0\r\n\r\n").toString();
      assertThat(ask(CHAT, UNASKED).body()).as("byte by byte").isEqualTo(wanted);
      for (int cut : IntStream.range(1, all.length()).toArray()) {
        answer = head("") + chunk(all.substring(0, cut)) + chunk(all.substring(cut)) + "0\r\n\r\n";
        assertThat(ask(CHAT, UNASKED).body()).as("cut at %d", cut).isEqualTo(wanted);
      }
    }
  }
}
