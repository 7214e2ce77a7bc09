package com.huntaze.rollout.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.status.Status;
import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.exchange.ExchangeRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        false,
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

  private static ExchangeRecord ended(String id, int status, String ending) {
    ExchangeRecord other = record(id, "none");
    return new ExchangeRecord(
        0,
        id,
        null,
        null,
        false,
        other.request(),
        other.caller(),
        null,
        null,
        false,
        other.served(),
        status,
        ending,
        null,
        0,
        1,
        -1,
        -1,
        List.of());
  }

  private List<String> idsWritten(double share) {
    written.events.clear();
    try (AccessLog log =
        new AccessLog(new AccessLogSettings(true, share, 10_000, true), registry)) {
      for (int i = 0; i < 2_000; i++) {
        log.write(ended("went-well-" + i, 200, "complete"));
        log.write(ended("failed-" + i, 503, "refused"));
        log.write(ended("left-" + i, 200, "client_gone"));
      }
    }
    return written.events.stream()
        .map(
            event ->
                event.getMessage().replaceAll(".*\"rollout.correlation_id\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  @Test
  void ofWhatWentWellAShareIsWrittenAndEverythingElse() {
    List<String> tenth = idsWritten(0.1);
    assertThat(tenth).filteredOn(id -> id.startsWith("went-well")).hasSizeBetween(140, 260);
    assertThat(tenth).filteredOn(id -> !id.startsWith("went-well")).hasSize(4_000);
    assertThat(idsWritten(0.1)).isEqualTo(tenth);
    assertThat(idsWritten(0)).hasSize(4_000).noneMatch(id -> id.startsWith("went-well"));
    assertThat(idsWritten(1)).hasSize(6_000);
    assertThat(dropped()).isZero();
  }

  /** The file of docs/usage.md, in another folder, is one that Logback takes and writes by. */
  @Test
  void theDocumentedFileThatRotatesIsTaken(@TempDir Path folder) throws Exception {
    String page = Files.readString(Path.of("docs/usage.md"));
    int at = page.indexOf("<configuration>");
    String xml =
        page.substring(at, page.indexOf("```", at)).replace("/var/log/rollout", folder.toString());
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    JoranConfigurator reader = new JoranConfigurator();
    reader.setContext(context);
    reader.doConfigure(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    context.getLogger(AccessLog.LOGGER).info("{\"a\": 1}");
    context.stop();
    assertThat(context.getStatusManager().getCopyOfStatusList())
        .noneMatch(status -> status.getEffectiveLevel() >= Status.WARN);
    assertThat(folder.resolve("access.json")).hasContent("{\"a\": 1}\n");
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
  void writesEachLineInItsOrder() {
    try (AccessLog log = new AccessLog(new AccessLogSettings(true, 1, 1_000, true), registry)) {
      for (int i = 0; i < 500; i++) {
        log.write(good(i));
      }
    }
    assertThat(written.events).hasSize(500);
    for (int i = 0; i < 500; i++) {
      assertThat(written.events.get(i).getMessage()).contains("\"good-" + i + "\"");
    }
    assertThat(dropped()).isZero();
  }

  @Test
  void aLineThatCannotBeMadeIsDroppedAloneAndCounted() {
    try (AccessLog log = new AccessLog(new AccessLogSettings(true, 1, 1_000, true), registry)) {
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
    assertThat(dropped()).isEqualTo(3);
  }

  @Test
  void theLinesGoToTheProgramsOwnAppenderAsBytesAWriteABatch() {
    Pieces pieces = new Pieces();
    lines.detachAppender(written);
    BatchAppender batches = appender(pieces, "%msg%n");
    try (AccessLog log = new AccessLog(new AccessLogSettings(true, 1, 1_000, true), registry)) {
      for (int i = 0; i < 500; i++) {
        log.write(good(i));
      }
    } finally {
      lines.detachAppender(batches);
    }
    List<String> all = String.join("", pieces.written).lines().toList();
    assertThat(all).hasSize(500);
    for (int i = 0; i < 500; i++) {
      assertThat(all.get(i)).contains("\"good-" + i + "\"").startsWith("{").endsWith("}");
    }
    assertThat(pieces.written).allMatch(piece -> piece.endsWith("}\n"));
    assertThat(pieces.written).hasSizeLessThan(200);
    assertThat(dropped()).isZero();
  }

  @Test
  void anAppenderThatWritesMoreThanTheLineIsGivenTheEvents() {
    Pieces pieces = new Pieces();
    lines.detachAppender(written);
    BatchAppender batches = appender(pieces, "mark %msg%n");
    try (AccessLog log = new AccessLog(new AccessLogSettings(true, 1, 1_000, true), registry)) {
      log.write(good(0));
      log.write(good(1));
    } finally {
      lines.detachAppender(batches);
    }
    assertThat(String.join("", pieces.written).lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("mark {"));
  }

  private static BatchAppender appender(Pieces pieces, String pattern) {
    LoggerContext context = lines.getLoggerContext();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    BatchAppender appender = new BatchAppender(pieces);
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    lines.addAppender(appender);
    return appender;
  }

  /** Keeps each write apart. */
  private static final class Pieces extends OutputStream {
    private final List<String> written = new CopyOnWriteArrayList<>();

    @Override
    public void write(int one) {
      throw new AssertionError("a byte at a time");
    }

    @Override
    public void write(byte[] bytes, int from, int many) {
      written.add(new String(bytes, from, many, StandardCharsets.US_ASCII));
    }
  }

  /** As in a program that logs by something else: Logback's classes are not there. */
  @Test
  void linesOfOneMomentAreWrittenWithoutLogback() throws Exception {
    List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          if (thread.getName().equals("access-log")) {
            uncaught.add(failure);
          }
        });
    try (WithoutLogback loader = new WithoutLogback()) {
      Class<?> type = loader.loadClass(AccessLog.class.getName());
      assertThat(type).isNotSameAs(AccessLog.class);
      Object settings =
          loader
              .loadClass(AccessLogSettings.class.getName())
              .getConstructors()[0]
              .newInstance(true, 1, 1_000, true);
      try (AutoCloseable log =
          (AutoCloseable) type.getConstructors()[0].newInstance(settings, registry)) {
        Method write = type.getMethod("write", ExchangeRecord.class);
        for (int i = 0; i < 5; i++) {
          write.invoke(log, good(i));
        }
      }
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(uncaught).isEmpty();
    assertThat(dropped()).isZero();
  }

  /** Loads this package and SLF4J anew, and finds no Logback. */
  private static final class WithoutLogback extends URLClassLoader {
    WithoutLogback() throws MalformedURLException {
      super(places(), AccessLogTest.class.getClassLoader());
    }

    private static URL[] places() throws MalformedURLException {
      List<URL> urls = new ArrayList<>();
      for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
        if (!place.contains("logback")) {
          urls.add(Path.of(place).toUri().toURL());
        }
      }
      return urls.toArray(URL[]::new);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("ch.qos.logback.")) {
        throw new ClassNotFoundException(name);
      }
      boolean own =
          name.startsWith("com.huntaze.rollout.telemetry.") || name.startsWith("org.slf4j.");
      if (!own) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return findResources(name);
    }
  }
}
