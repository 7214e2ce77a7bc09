package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that stream: JSON lines one by one, and JSON of unknown length after the hold-back. */
@ParameterizedClass
@EnumSource(Wire.class)
@Tag("heavy")
class LinesIT {
  @Parameter Wire wire;

  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String LINES = "application/x-ndjson";
  private static final String HI =
      "{\"model\":\"m\",\"message\":{\"content\":\"hi\"},\"done\":false}\n";
  private static final String BEGIN = HI.replace("hi", "");
  private static final String STOP =
      "{\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\","
          + "\"prompt_eval_count\":100,\"eval_count\":50}\n";

  @TempDir private static Path folder;

  private static String head(String type) {
    return "HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\ntransfer-encoding: chunked\r\n\r\n";
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static String post(String path) {
    return "POST %s HTTP/1.1\r\nHost: p\r\nConnection: close\r\n".formatted(path)
        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
  }

  private static RawOrigin lines(String type, String... lines) {
    return new RawOrigin(
        call -> {
          call.send(head(type));
          for (String line : lines) {
            call.send(chunk(line));
          }
          call.send("0\r\n\r\n");
        });
  }

  private RunningProxy alone(RawOrigin foundry) {
    return RunningProxy.start(
        wire,
        RunningProxy.before("foundry", foundry.url(), UNUSED)
            .put("fallback", new JsonObject().put("enabled", false)));
  }

  private RunningProxy both(RawOrigin foundry, RawOrigin legacy) {
    return RunningProxy.start(wire, RunningProxy.before("foundry", foundry.url(), legacy.url()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LINES,
        "application/ndjson",
        "application/jsonl; charset=utf-8",
        "application/x-jsonlines",
        "application/json-seq",
        "application/stream+json"
      })
  void linesArriveOneByOneWhileTheProviderStillSends(String type) throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(head(type) + chunk(HI));
                  read.await();
                  call.send(chunk(HI.replace("hi", "ho")) + chunk(STOP) + "0\r\n\r\n");
                });
        RunningProxy proxy = alone(foundry);
        TextClient client = proxy.client()) {
      String first = client.send(post("/api/chat")).readUntil("\"hi\"},\"done\":false}\n");
      assertThat(first).containsIgnoringCase("x-accel-buffering: no");
      read.countDown();
      RawAnswer answer = RawAnswer.of(first + client.readToEnd());
      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).isEqualTo(HI + HI.replace("hi", "ho") + STOP);
    }
  }

  @Test
  void jsonOfUnknownLengthArrivesAfterTheHoldBack() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    String begin = "{\"choices\":[{\"message\":{\"content\":\"a long";
    String rest = " answer\"},\"finish_reason\":\"stop\"}]}";
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(head("application/json") + chunk(begin));
                  read.await();
                  call.send(chunk(rest) + "0\r\n\r\n");
                });
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                RunningProxy.before("foundry", foundry.url(), UNUSED)
                    .put("fallback", new JsonObject().put("enabled", false))
                    .mergeIn(
                        new JsonObject().put("server", new JsonObject().put("holdBack", "300ms")),
                        true));
        TextClient client = proxy.client()) {
      String first = client.send(post("/v1/chat/completions")).readUntil("a long");
      read.countDown();
      RawAnswer answer = RawAnswer.of(first + client.readToEnd());
      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).isEqualTo(begin + rest);
      attempts(proxy, "complete");
    }
  }

  @Test
  void jsonThatPassesAsItComesIsJudgedAllTheSame() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(head("application/json") + chunk("{\"choices\":["));
                  read.await();
                  call.send(chunk("]}") + "0\r\n\r\n");
                });
        RunningProxy proxy = alone(foundry);
        TextClient client = proxy.client()) {
      client.send(post("/v1/chat/completions")).readUntil("choices");
      read.countDown();
      client.readToEnd();
      attempts(proxy, "empty_answer");
    }
  }

  private static void attempts(RunningProxy proxy, String outcome) {
    new Metered(proxy.adminPort())
        .awaitValue("rollout_attempts_total{outcome=\"" + outcome + "\",provider=\"foundry\"}", 1);
  }

  @Test
  void usageAndFirstContentAreInTheBooks() throws Exception {
    Path prices = folder.resolve("prices.json");
    Files.writeString(
        prices, "{\"models\": {\"m\": {\"input\": \"0.0014\", \"output\": \"0.0028\"}}}");
    CountDownLatch begun = new CountDownLatch(1);
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(head(LINES) + chunk(HI));
                  begun.await();
                  Waits.pause(Duration.ofMillis(400));
                  call.send(chunk(STOP) + "0\r\n\r\n");
                });
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                RunningProxy.before("foundry", foundry.url(), UNUSED)
                    .put("prices", prices.toString()));
        TextClient client = proxy.client()) {
      client.send(post("/api/chat")).readUntil("\"hi\"");
      begun.countDown();
      client.readToEnd();
      JsonObject entry =
          Waits.until(
                  () -> "the request is listed",
                  () -> listed(proxy),
                  all -> !all.isEmpty(),
                  () -> Waits.pause(Duration.ofMillis(20)))
              .getJsonObject(0);
      assertThat(entry.getBoolean("stream")).isTrue();
      assertThat(entry.getString("costUsd")).isEqualTo("0.00028");
      assertThat(entry.getLong("tokens")).isEqualTo(150);
      assertThat(entry.getLong("latencyMillis") - entry.getLong("firstContentMillis"))
          .isGreaterThanOrEqualTo(300);
    }
  }

  private static JsonArray listed(RunningProxy proxy) {
    try {
      return new JsonObject(proxy.admin("GET", "/api/v1/requests", "").body())
          .getJsonArray("requests");
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void whoFailsBeforeItsFirstContentIsFailedOver() throws Exception {
    String error = "{\"error\":\"model is overloaded\"}\n";
    String[][] failing = {{error}, {BEGIN, error}, {BEGIN}, {}, {"{\"mess"}};
    for (String[] given : failing) {
      try (RawOrigin foundry = lines(LINES, given);
          RawOrigin legacy = lines(LINES, HI, STOP);
          RunningProxy proxy = both(foundry, legacy);
          TextClient client = proxy.client()) {
        RawAnswer answer = RawAnswer.of(client.send(post("/v1/chat/completions")).readToEnd());
        assertThat(answer.header("x-ai-provider")).as(String.join("", given)).isEqualTo("legacy");
        assertThat(answer.body()).isEqualTo(HI + STOP);
        assertThat(answer.whole()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"model\":\"m\",\"mess"})
  void aStreamThatEndsUnfinishedIsCutWithOneLine(String rest) throws Exception {
    for (String type : new String[] {LINES, "application/json-seq"}) {
      String mark = type.equals(LINES) ? "" : "\u001e";
      String[] given =
          rest.isEmpty() ? new String[] {mark + HI} : new String[] {mark + HI, mark + rest};
      try (RawOrigin foundry = lines(type, given);
          RunningProxy proxy = alone(foundry);
          TextClient client = proxy.client()) {
        RawAnswer answer = RawAnswer.of(client.send(post("/api/chat")).readToEnd());
        assertThat(answer.whole()).as("a clean end").isFalse();
        assertThat(answer.body()).startsWith(mark + HI + mark + "{").endsWith("}}\n");
        String told = answer.body().substring((mark + HI + mark).length());
        assertThat(new JsonObject(told).getJsonObject("error").getString("message"))
            .contains("ended before it was finished");
        attempts(proxy, "stream_incomplete");
      }
    }
  }

  @Test
  void aConnectionThatIsLostIsToldByALine() throws Exception {
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(head(LINES) + chunk(HI) + chunk("{\"half"));
                  call.close();
                });
        RunningProxy proxy = alone(foundry);
        TextClient client = proxy.client()) {
      RawAnswer answer = RawAnswer.of(client.send(post("/api/chat")).readToEnd());
      assertThat(answer.whole()).isFalse();
      assertThat(answer.body()).startsWith(HI + "{\"error\":{").endsWith("}}\n");
    }
  }

  @Test
  void aFileOfLinesPassesWhateverIsInIt() throws Exception {
    String file = "{\"error\":{\"code\":\"x\"}}\n{\"error\":{\"code\":\"y\"}}\n";
    try (RawOrigin foundry = lines("application/jsonl", file);
        RunningProxy proxy = alone(foundry)) {
      assertThat(proxy.get("/v1/files/1/content").body()).isEqualTo(file);
    }
  }
}
