package com.huntaze.rollout.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.exchange.ExchangeRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.LoggerFactory;

/** One after the other: both listen to the one logger. */
@Execution(ExecutionMode.SAME_THREAD)
class AccessLogTest {
  private static final Logger lines = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Written written = new Written();

  /** An appender that keeps its events. */
  private static final class Written extends AppenderBase<ILoggingEvent> {
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      events.add(event);
    }

    private boolean followed(int event) {
      List<?> markers = events.get(event).getMarkerList();
      return markers != null && markers.contains(BatchAppender.FOLLOWS);
    }
  }

  @BeforeEach
  void listen() {
    written.start();
    lines.setLevel(Level.INFO);
    lines.setAdditive(false);
    lines.addAppender(written);
  }

  @AfterEach
  void leave() {
    lines.detachAppender(written);
    lines.setAdditive(true);
    lines.setLevel(null);
  }

  private static ExchangeRecord record(String id, String route) {
    return new ExchangeRecord(
        0,
        id,
        null,
        null,
        new ExchangeRecord.Request("POST", "/route", route, 2),
        new Caller(null, null, null),
        null,
        null,
        false,
        ExchangeRecord.Served.NOTHING,
        404,
        "refused",
        null,
        0,
        1,
        -1,
        -1,
        List.of());
  }

  private static ExchangeRecord good(int number) {
    return record("good-" + number, "none");
  }

  /** Nothing has such a route; what becomes of the other lines if one had? */
  private static ExchangeRecord defect() {
    return record("defect", null);
  }

  private double dropped() {
    return registry.get("rollout.access.log.dropped").counter().count();
  }

  @Test
  void writesEachLineInItsOrderAndFlushesBehindTheLast() {
    try (AccessLog log = new AccessLog(new AccessLogSettings(true, 1_000, true), registry)) {
      for (int i = 0; i < 500; i++) {
        log.write(good(i));
      }
    }
    assertThat(written.events).hasSize(500);
    for (int i = 0; i < 500; i++) {
      assertThat(written.events.get(i).getMessage()).contains("\"good-" + i + "\"");
    }
    assertThat(written.followed(499)).isFalse();
    assertThat(dropped()).isZero();
  }

  @Test
  void aLineThatCannotBeMadeIsDroppedAloneAndCounted() {
    try (AccessLog log = new AccessLog(new AccessLogSettings(true, 1_000, true), registry)) {
      log.write(defect());
      log.write(good(0));
      log.write(defect());
      log.write(good(1));
      log.write(defect());
    }
    assertThat(written.events)
        .extracting(ILoggingEvent::getMessage)
        .satisfiesExactly(
            line -> assertThat(line).contains("\"good-0\""),
            line -> assertThat(line).contains("\"good-1\""));
    assertThat(written.followed(1)).isFalse();
    assertThat(dropped()).isEqualTo(3);
  }
}
