package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are compressed are read, and pass byte for byte. */
@ParameterizedClass
@EnumSource(Wire.class)
@Tag("heavy")
class CompressedIT {
  @Parameter Wire wire;

  private static final String CHAT = "/v1/chat/completions";
  private static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream";
  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150}";
  private static final String GOOD =
      "{\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
          + USAGE
          + "}";
  private static final String HI = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n";
  private static final String STOP =
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String TOLD =
      "data: {\"model\":\"m\",\"choices\":[]," + USAGE + "}\n\ndata: [DONE]\n\n";

  @TempDir private static Path folder;

  private static Path prices;

  @BeforeAll
  static void writePrices() throws IOException {
    prices = folder.resolve("prices.json");
    Files.writeString(
        prices, "{\"models\": {\"m\": {\"input\": \"0.0014\", \"output\": \"0.0028\"}}}");
  }

  /** The parts of a text, each flushed, as one compressed body; its bytes are characters. */
  private static String[] compressed(String coding, String... parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputStream out =
        coding.equals("gzip")
            ? new GZIPOutputStream(bytes, 512, true)
            : new DeflaterOutputStream(bytes, true);
    String[] pieces = new String[parts.length];
    for (int i = 0; i < parts.length; i++) {
      out.write(parts[i].getBytes(StandardCharsets.UTF_8));
      out.flush();
      if (i == parts.length - 1) {
        out.close();
      }
      pieces[i] = bytes.toString(StandardCharsets.ISO_8859_1);
      bytes.reset();
    }
    return pieces;
  }

  private static String head(String type, String coding) {
    return "HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-encoding: %s\r\n".formatted(type, coding)
        + "transfer-encoding: chunked\r\n\r\n";
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static RawOrigin origin(String type, String coding, String... pieces) {
    return new RawOrigin(
        call -> {
          call.send(head(type, coding));
          for (String piece : pieces) {
            call.send(chunk(piece));
          }
          call.send("0\r\n\r\n");
        });
  }

  private static String post() {
    return "POST %s HTTP/1.1\r\nHost: p\r\nConnection: close\r\n".formatted(CHAT)
        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
  }

  private RunningProxy before(RawOrigin foundry, RawOrigin legacy) {
    JsonObject settings =
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .put("prices", prices.toString());
    return RunningProxy.start(
        wire,
        foundry == legacy
            ? settings.put("fallback", new JsonObject().put("enabled", false))
            : settings);
  }

  private static RawAnswer ask(RunningProxy proxy) throws IOException {
    try (TextClient client = proxy.client()) {
      return RawAnswer.of(client.send(post()).readToEnd());
    }
  }

  private static void attempts(RunningProxy proxy, String outcome) {
    new Metered(proxy.adminPort())
        .awaitValue("rollout_attempts_total{outcome=\"" + outcome + "\",provider=\"foundry\"}", 1);
  }

  private static JsonObject entry(RunningProxy proxy) {
    return Waits.until(
            () -> "the request is listed",
            () -> listed(proxy),
            all -> !all.isEmpty(),
            () -> Waits.pause(Duration.ofMillis(20)))
        .getJsonObject(0);
  }

  private static JsonArray listed(RunningProxy proxy) {
    try {
      return new JsonObject(proxy.admin("GET", "/api/v1/requests", "").body())
          .getJsonArray("requests");
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void aWholeAnswerIsJudgedAndItsUsageIsInTheBooks(String coding) throws Exception {
    String body = compressed(coding, GOOD)[0];
    try (RawOrigin foundry = origin(JSON, coding, body);
        RunningProxy proxy = before(foundry, foundry)) {
      RawAnswer answer = ask(proxy);
      assertThat(answer.body()).isEqualTo(body);
      assertThat(answer.header("content-encoding")).isEqualTo(coding);
      assertThat(answer.header("x-ai-cost-usd")).isEqualTo("0.00028");
      attempts(proxy, "complete");
      assertThat(entry(proxy).getString("costUsd")).isEqualTo("0.00028");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void aStreamIsJudgedItsFirstContentSeenAndItsUsageInTheBooks(String coding) throws Exception {
    String[] pieces = compressed(coding, HI, STOP + TOLD);
    CountDownLatch read = new CountDownLatch(1);
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(head(EVENTS, coding) + chunk(pieces[0]));
                  read.await();
                  Waits.pause(Duration.ofMillis(400));
                  call.send(chunk(pieces[1]) + "0\r\n\r\n");
                });
        RunningProxy proxy = before(foundry, foundry);
        TextClient client = proxy.client()) {
      String first = client.send(post()).readUntil(pieces[0]);
      read.countDown();
      RawAnswer answer = RawAnswer.of(first + client.readToEnd());
      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).isEqualTo(pieces[0] + pieces[1]);
      attempts(proxy, "complete");
      JsonObject entry = entry(proxy);
      assertThat(entry.getString("costUsd")).isEqualTo("0.00028");
      assertThat(entry.getLong("latencyMillis") - entry.getLong("firstContentMillis"))
          .isGreaterThanOrEqualTo(300);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void whoAnswersNothingIsFailedOver(String coding) throws Exception {
    String good = compressed(coding, GOOD)[0];
    String none = compressed(coding, "{\"choices\":[]}")[0];
    String half = compressed(coding, GOOD.substring(0, 30))[0];
    String error = compressed(coding, "data: {\"error\":{\"message\":\"x\"}}\n\n")[0];
    String done = compressed(coding, "data: [DONE]\n\n")[0];
    String[][] given = {
      {JSON, none, "empty_answer"},
      {JSON, half, "malformed_answer"},
      {JSON, GOOD, "malformed_answer"},
      {EVENTS, error, "error_event"},
      {EVENTS, done, "empty_answer"}
    };
    for (String[] each : given) {
      try (RawOrigin foundry = origin(each[0], coding, each[1]);
          RawOrigin legacy = origin(JSON, coding, good);
          RunningProxy proxy = before(foundry, legacy)) {
        RawAnswer answer = ask(proxy);
        assertThat(answer.header("x-ai-provider")).as(each[2]).isEqualTo("legacy");
        assertThat(answer.body()).isEqualTo(good);
        String series = "rollout_attempts_total{outcome=\"" + each[2] + "\",provider=\"foundry\"}";
        // An error event is tried again before legacy is asked.
        assertThat(new Metered(proxy.adminPort()).value(series)).as(series).isPositive();
      }
    }
  }

  @Test
  void aRefusalOfAContentFilterIsNobodysFault() throws Exception {
    String body = compressed("gzip", "{\"error\":{\"code\":\"content_filter\"}}")[0];
    String head = head(JSON, "gzip").replace("200 OK", "400 Bad Request");
    try (RawOrigin foundry = new RawOrigin(call -> call.send(head + chunk(body) + "0\r\n\r\n"));
        RunningProxy proxy = before(foundry, foundry)) {
      RawAnswer answer = ask(proxy);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo(body);
      attempts(proxy, "content_filter");
    }
  }

  @Test
  void aStreamThatEndsUnfinishedIsCutWithoutAWordThatNobodyCouldRead() throws Exception {
    String[] pieces = compressed("gzip", HI, HI);
    try (RawOrigin foundry = origin(EVENTS, "gzip", pieces);
        RunningProxy proxy = before(foundry, foundry)) {
      RawAnswer answer = ask(proxy);
      assertThat(answer.whole()).isFalse();
      assertThat(pieces[0] + pieces[1]).startsWith(answer.body());
      attempts(proxy, "stream_incomplete");
    }
  }

  @Test
  void aBombPassesUnread() throws Exception {
    String bomb = compressed("gzip", "{\"choices\":[],\"pad\":\"" + "x".repeat(30_000_000))[0];
    try (RawOrigin foundry = origin(JSON, "gzip", bomb);
        RunningProxy proxy = before(foundry, foundry)) {
      assertThat(ask(proxy).body()).isEqualTo(bomb);
      attempts(proxy, "complete");
      unreadable(proxy, "gzip");
    }
  }

  private static void unreadable(RunningProxy proxy, String encoding) {
    new Metered(proxy.adminPort())
        .awaitValue("rollout_unreadable_responses_total{encoding=\"" + encoding + "\"}", 1);
  }

  @Test
  void whatCannotBeReadPassesAndIsCounted() throws Exception {
    for (String coding : new String[] {"br", "zstd", "compress"}) {
      try (RawOrigin foundry = origin(JSON, coding, "anything");
          RunningProxy proxy = before(foundry, foundry)) {
        RawAnswer answer = ask(proxy);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("anything");
        unreadable(proxy, coding.equals("compress") ? "other" : coding);
      }
    }
  }
}
