package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.telemetry.AccessLog;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Validates: Requirements 5.1. Every time in a line of the access log, held against a provider that
 * is slow by a known time: no less than that, and no more than the client has seen.
 */
@ParameterizedClass
@EnumSource(Wire.class)
class AccessLogTimesIT {
  private static final long PAUSE_MILLIS = 150;

  /** Clocks are read one after the other, and milliseconds are cut. */
  private static final long ROUNDING_MILLIS = 2;

  private static final Pattern MILLIS_IN_MESSAGE = Pattern.compile(" (\\d+) ms$");
  private static final String CONTENT =
      "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
  private static final String END =
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
  private static final String JSON =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n"
          + "{\"output\":\"hi\"}";

  @Parameter Wire wire;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Logger access = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
  private AppenderBase<ILoggingEvent> appender;

  @BeforeEach
  void listen() {
    appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
          }
        };
    appender.start();
    access.setAdditive(false);
    access.setLevel(Level.INFO);
    access.addAppender(appender);
  }

  @AfterEach
  void leave() {
    access.detachAppender(appender);
    access.setAdditive(true);
    access.setLevel(null);
  }

  private static void pause() {
    Waits.pause(Duration.ofMillis(PAUSE_MILLIS));
  }

  private static String chunk(String text) {
    return "%x\r\n%s\r\n".formatted(text.length(), text);
  }

  /** Asks once; the line, and how long the client has waited. */
  private static final Duration READ_LATE = Duration.ofMillis(20);

  private Seen ask(RawOrigin.Script script, String path) throws Exception {
    try (RawOrigin foundry = new RawOrigin(script);
        RunningProxy proxy =
            RunningProxy.start(
                wire, RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1"));
        TextClient client = proxy.client()) {
      String body = "{\"prompt\":\"x\",\"stream\":true}";
      long begun = System.nanoTime();
      client.send(
          "POST %s HTTP/1.1\r\nHost: p\r\nConnection: close\r\nContent-Type: application/json\r\n"
                  .formatted(path)
              + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body));
      String answer = client.readToEnd();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertThat(RawAnswer.of(answer).status()).as(answer).isEqualTo(200);
      return new Seen(new JsonObject(lines.poll(90, TimeUnit.SECONDS)), millis);
    }
  }

  /**
   * A line, and what its client saw.
   *
   * @param millis from the request's first byte to the answer's last
   */
  private record Seen(JsonObject line, long millis) {
    /** All of the line's fields that tell the whole time are the same time. */
    void lasted(long least) {
      long latency = line.getLong("rollout.latency_ms");
      assertThat(latency)
          .as(line.encode())
          .isBetween(least - ROUNDING_MILLIS, millis + ROUNDING_MILLIS);
      assertThat(TimeUnit.NANOSECONDS.toMillis(line.getLong("event.duration"))).isEqualTo(latency);
      Matcher told = MILLIS_IN_MESSAGE.matcher(line.getString("message"));
      assertThat(told.find()).as(line.getString("message")).isTrue();
      assertThat(Long.parseLong(told.group(1))).isEqualTo(latency);
    }

    void firstContentAfter(long least, long beforeItsEnd) {
      // The provider waits from when it has sent, and the proxy may read it a little later.
      long late = beforeItsEnd == 0 ? 0 : Waits.bound(READ_LATE).toMillis();
      assertThat(line.getLong("rollout.first_content_ms"))
          .as(line.encode())
          .isBetween(least - ROUNDING_MILLIS, millis - beforeItsEnd + late + ROUNDING_MILLIS);
    }
  }

  @Test
  void aStreamTellsItsFirstContentAndItsEnd() throws Exception {
    Seen seen =
        ask(
            call -> {
              pause();
              call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
              call.send("Transfer-Encoding: chunked\r\n\r\n");
              pause();
              call.send(chunk(CONTENT));
              pause();
              call.send(chunk(END) + "0\r\n\r\n");
            },
            "/v1/chat/completions");
    seen.lasted(3 * PAUSE_MILLIS);
    seen.firstContentAfter(2 * PAUSE_MILLIS, PAUSE_MILLIS);
  }

  @Test
  void aWholeAnswerTellsItsTime() throws Exception {
    Seen seen =
        ask(
            call -> {
              pause();
              call.send(JSON);
            },
            "/route");
    seen.lasted(PAUSE_MILLIS);
    seen.firstContentAfter(PAUSE_MILLIS, 0);
  }

  @Test
  void aRetryCountsWithItsWait() throws Exception {
    int[] calls = new int[1];
    Seen seen = ask(call -> call.send(calls[0]++ == 0 ? failed() : JSON), "/route");
    // The first retry waits for 250 ms, give or take a tenth.
    seen.lasted(225);
    seen.firstContentAfter(225, 0);
    assertThat(seen.line.getInteger("rollout.attempts")).isEqualTo(2);
  }

  private static String failed() throws IOException {
    return "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";
  }
}
