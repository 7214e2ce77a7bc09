package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.CutAfterBytes;
import com.huntaze.rollout.simulate.WireFault.DelayHead;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import com.huntaze.rollout.telemetry.AccessLog;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.slf4j.LoggerFactory;

/** Validates: Requirements 2.5, 5.1. On real sockets, with one proxy for each wire. */
class LoggingPropertyIT {
  private static final AtomicInteger IDS = new AtomicInteger();
  private static final LinkedBlockingQueue<String> LINES = new LinkedBlockingQueue<>();
  private static final String[] FIELDS = {
    "rollout.correlation_id",
    "trace.id",
    "rollout.provider",
    "rollout.reason",
    "gen_ai.response.model",
    "rollout.latency_ms",
    "rollout.cost_nano_usd",
    "rollout.cost_kind"
  };

  private static final long SLOW_MILLIS = 40;

  /** The cost of this upstream's usage, at the prices of the file below, in nano-dollars. */
  private static final long COST = 3 * 1_400 + 4 * 2_800;

  private static Vertx vertx;
  private static FaultyUpstream foundry;
  private static FaultyUpstream legacy;
  private static final Map<Wire, RunningProxy> PROXIES = new EnumMap<>(Wire.class);
  private static AppenderBase<ILoggingEvent> appender;

  /** The endings of a request. */
  enum Ends {
    ANSWERED("POST /route", Plain.NONE, Plain.NONE),
    ANSWERED_LATE("POST /route", new DelayHead(SLOW_MILLIS), Plain.NONE),
    ANSWERED_WITH_EVENTS("POST /v1/chat/completions", Plain.NONE, Plain.NONE),
    ANSWERED_BYTE_BY_BYTE("POST /v1/chat/completions", Plain.ONE_BYTE_SLICES, Plain.NONE),
    ANSWERED_AS_AN_AGENT("POST /v1/agents/fan_message", Plain.NONE, Plain.NONE),
    ANSWERED_BY_LEGACY("POST /route", Plain.RESET_BEFORE_HEAD, Plain.NONE),
    REFUSED_BY_THE_PROVIDER("POST /route", new Status(422, Map.of(), "{}"), Plain.NONE),
    FAILED_BY_BOTH("POST /route", Plain.JUNK, new Status(500, Map.of(), "no")),
    LOST_BY_BOTH("POST /route", Plain.CLOSE_BEFORE_HEAD, Plain.CLOSE_BEFORE_HEAD),
    CUT_IN_A_STREAM("POST /v1/chat/completions", Plain.CONTENT_THEN_CUT, Plain.NONE),
    CUT_IN_JSON("POST /jobs", new CutAfterBytes(100, 300_000, false), Plain.NONE),
    UNKNOWN_AGENT("POST /v1/agents/nobody", Plain.NONE, Plain.NONE),
    NOT_FOR_A_PROVIDER("TRACE /route", Plain.NONE, Plain.NONE),
    MALFORMED("POST /route#x", Plain.NONE, Plain.NONE),
    UNREADABLE("POST /route HTTP/9.9\r\n", Plain.NONE, Plain.NONE),
    LEFT_WHILE_WAITING("POST /route", Plain.ACCEPT_AND_HANG, Plain.NONE),
    LEFT_WITHIN_A_STREAM("POST /v1/chat/completions", Plain.CONTENT_THEN_STALL, Plain.NONE);

    private final String line;
    private final WireFault foundry;
    private final WireFault legacy;

    Ends(String line, WireFault foundry, WireFault legacy) {
      this.line = line;
      this.foundry = foundry;
      this.legacy = legacy;
    }

    /** A request of HTTP/2 names no version that could be unreadable. */
    boolean existsOver(Wire wire) {
      return this != UNREADABLE || !wire.isHttp2();
    }
  }

  private static String prices() throws IOException {
    return Files.writeString(
            Files.createTempFile("prices", ".json"),
            """
            {"models": {"Phi-4-mini": {"input": "0.0014", "output": "0.0028"}}}""")
        .toString();
  }

  @BeforeContainer
  static void start() throws IOException {
    appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            LINES.add(event.getFormattedMessage());
          }
        };
    appender.start();
    Logger access = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
    access.setAdditive(false);
    access.setLevel(Level.INFO);
    access.addAppender(appender);
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
    JsonObject quick =
        new JsonObject()
            .put("retry", new JsonObject().put("delay", "10ms").put("max", 1))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    JsonObject both = new JsonObject().put("foundry", quick).put("legacy", quick.copy());
    JsonObject settings =
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .put("prices", prices())
            .mergeIn(new JsonObject().put("providers", both), true);
    for (Wire wire : Wire.values()) {
      PROXIES.put(wire, RunningProxy.start(wire, settings.copy()));
    }
  }

  @AfterContainer
  static void stop() {
    PROXIES.values().forEach(RunningProxy::close);
    RunningProxy.await(vertx.close());
    Logger access = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
    access.detachAppender(appender);
    access.setAdditive(true);
    access.setLevel(null);
  }

  @Property(tries = 240, shrinking = ShrinkingMode.OFF)
  @Tag("azure-foundry-production-rollout-property-9")
  @Label("**Feature: azure-foundry-production-rollout, Property 9: Logging completeness**")
  void everyRequestLeavesOneLine(
      @ForAll Wire wire, @ForAll @Size(min = 1, max = 5) List<Ends> endings) throws Exception {
    LINES.clear();
    List<Ends> requests = endings.stream().filter(ends -> ends.existsOver(wire)).toList();
    List<String> ids = new ArrayList<>();
    List<Long> millis = new ArrayList<>();
    for (Ends ends : requests) {
      String id = "line-" + IDS.incrementAndGet();
      foundry.plan(id, ends.foundry);
      legacy.plan(id, ends.legacy);
      ids.add(id);
      long begun = System.nanoTime();
      ask(wire, ends, id);
      millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
    List<JsonObject> lines = new ArrayList<>();
    while (lines.size() < requests.size()) {
      String line = LINES.poll(90, TimeUnit.SECONDS);
      assertThat(line).as("lines of %s, the others: %s", requests, lines).isNotNull();
      lines.add(new JsonObject(line));
    }
    assertThat(LINES.poll(1, TimeUnit.MILLISECONDS)).as("one line more").isNull();
    assertThat(lines)
        .extracting(line -> line.getString("rollout.correlation_id"))
        .containsExactlyInAnyOrderElementsOf(ids);
    for (JsonObject line : lines) {
      int request = ids.indexOf(id(line));
      isWhole(line, requests.get(request));
      tellsItsLatency(line, requests.get(request), millis.get(request));
    }
  }

  private static String id(JsonObject line) {
    return line.getString("rollout.correlation_id");
  }

  /** The latency is what the client has seen, and no less than what its provider took. */
  private static void tellsItsLatency(JsonObject line, Ends ends, long seenMillis) {
    long latency = line.getLong("rollout.latency_ms");
    assertThat(latency).as(line.encode()).isGreaterThanOrEqualTo(0);
    if (ends == Ends.ANSWERED_LATE) {
      assertThat(latency).as(line.encode()).isBetween(SLOW_MILLIS - 1, seenMillis + 1);
    }
  }

  private static void isWhole(JsonObject line, Ends ends) {
    assertThat(line.fieldNames()).as(line.encode()).contains(FIELDS);
    assertThat(line.getString("rollout.cost_kind")).isIn("exact", "estimated", "unknown");
    boolean nobodyAsked = ends.ordinal() >= Ends.UNKNOWN_AGENT.ordinal() && !leaves(ends);
    boolean byLegacy =
        ends == Ends.ANSWERED_BY_LEGACY || ends == Ends.FAILED_BY_BOTH || ends == Ends.LOST_BY_BOTH;
    assertThat(line.getString("rollout.provider"))
        .as(line.encode())
        .isEqualTo(nobodyAsked ? null : byLegacy ? "legacy" : "foundry");
    if (line.getString("event.outcome").equals("success")) {
      assertThat(line.getString("gen_ai.response.model")).isEqualTo("Phi-4-mini");
      // This upstream's streams do not tell their usage.
      Long input = line.getBoolean("rollout.stream") ? null : 3L;
      assertThat(line.getLong("gen_ai.usage.input_tokens")).as(line.encode()).isEqualTo(input);
      // What the lost attempt at Foundry cost before it nobody knows.
      if (input != null && !byLegacy) {
        assertThat(line.getLong("rollout.cost_nano_usd")).as(line.encode()).isEqualTo(COST);
        assertThat(line.getString("rollout.cost_kind")).isEqualTo("exact");
      }
    }
  }

  private static boolean leaves(Ends ends) {
    return ends == Ends.LEFT_WHILE_WAITING || ends == Ends.LEFT_WITHIN_A_STREAM;
  }

  private static void ask(Wire wire, Ends ends, String id) throws IOException {
    String body = "{\"prompt\":\"hi\",\"stream\":true,\"messages\":[]}";
    String version = ends.line.contains("HTTP/") ? "" : " HTTP/1.1\r\n";
    String head =
        "Host: p\r\nX-Correlation-ID: %s\r\nConnection: close\r\n".formatted(id)
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                .formatted(body.length());
    try (TextClient client = PROXIES.get(wire).client()) {
      client.send(ends.line + version + head + body);
      if (ends == Ends.LEFT_WITHIN_A_STREAM) {
        client.readUntil("served by");
      } else if (ends == Ends.LEFT_WHILE_WAITING) {
        Waits.until(() -> foundry.ledger().executions(id) > 0);
      } else {
        client.readToEnd();
      }
    }
  }
}
