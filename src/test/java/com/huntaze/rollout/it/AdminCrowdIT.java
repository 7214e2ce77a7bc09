package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.it.Certificates.Pem;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The operator gets in, whoever else stands at the admin port: two thousand strangers in every
 * attitude, and a rollback within a second each time.
 */
@Tag("long")
class AdminCrowdIT {
  private static final int STRANGERS = 2_000;
  private static final int ROLLBACKS = Boolean.getBoolean("rollout.heavy") ? 25 : 10;
  private static final Duration WITHIN = Duration.ofSeconds(1);
  private static final String TOKEN = "0123456789-the-admin-token-0123456789";
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String LOCAL = "Host: localhost\r\n";

  @TempDir private Path folder;

  /** The first words of strangers, which some say again and again. */
  static Stream<Arguments> attitudes() {
    String events = "GET /api/v1/events HTTP/1.1\r\n" + LOCAL + "\r\n";
    String health = "GET /livez HTTP/1.1\r\n" + LOCAL + "\r\n";
    String order =
        "POST /api/v1/canary/start HTTP/1.1\r\n"
            + LOCAL
            + "Content-Type: application/json\r\nContent-Length: 10000\r\n\r\n";
    return Stream.of(
        Arguments.of("silent", "", ""),
        Arguments.of("within a head", "GET /livez HTTP/1.1\r\nX-Slow: ", "a"),
        Arguments.of("listening", events, ""),
        Arguments.of("asking for health again and again", health, health),
        Arguments.of("within a body", order, " "));
  }

  private RolloutProcess proxy(JsonObject admin) throws Exception {
    JsonObject changes = new JsonObject().put("admin", admin.put("port", 0));
    return RolloutProcess.start(UNUSED, UNUSED, folder.resolve("state"), changes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attitudes")
  void withATokenTheOperatorGetsIn(String name, String greeting, String drip) throws Exception {
    try (RolloutProcess proxy = proxy(new JsonObject().put("token", TOKEN))) {
      Operator operator = new Operator(proxy.process().adminPort(), TOKEN, null);
      rollsBackInTime(name, operator, proxy.process().adminPort(), greeting, drip);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attitudes")
  void withoutATokenTheOperatorGetsIn(String name, String greeting, String drip) throws Exception {
    try (RolloutProcess proxy = proxy(new JsonObject())) {
      Operator operator = new Operator(proxy.process().adminPort(), "", null);
      rollsBackInTime(name, operator, proxy.process().adminPort(), greeting, drip);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /livez HTTP/1.1\r\n\r\n"})
  void overTlsTheOperatorGetsIn(String greeting) throws Exception {
    Certificates certificates = new Certificates(folder);
    Pem authority = certificates.authority("authority");
    Pem used = certificates.signed(authority, "admin", "IP:127.0.0.1,DNS:localhost");
    JsonObject admin = new JsonObject().put("token", TOKEN).put("tls", used.tls());
    try (RolloutProcess proxy = proxy(admin)) {
      Operator operator = new Operator(proxy.process().adminPort(), TOKEN, authority);
      // Without a handshake: they say nothing, or what is none.
      rollsBackInTime("without a handshake", operator, proxy.process().adminPort(), greeting, "");
      List<Closeable> guests = guests(operator);
      rollsBackInTime("with handshakes", operator, proxy.process().adminPort(), greeting, "");
      for (Closeable guest : guests) {
        guest.close();
      }
    }
  }

  /** More than there is room for, each with a handshake of its own behind it. */
  private static List<Closeable> guests(Operator operator) throws IOException {
    List<Closeable> guests = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      guests.add(operator.guest());
    }
    return guests;
  }

  @ParameterizedTest
  @ValueSource(strings = {TOKEN, ""})
  void whereStrangersReadNothingTheOperatorGetsIn(String token) throws Exception {
    try (RolloutProcess proxy = proxy(new JsonObject().put("token", token))) {
      Operator operator = new Operator(proxy.process().adminPort(), token, null);
      // The largest answer that needs no token, three times on each connection.
      String file = ("GET /api/v1/openapi.json HTTP/1.1\r\n" + LOCAL + "\r\n").repeat(3);
      rollsBackInTime(
          "files that nobody reads", operator, proxy.process().adminPort(), file, "\r\n", false);
    }
  }

  private static void rollsBackInTime(
      String name, Operator operator, int port, String greeting, String drip) throws Exception {
    rollsBackInTime(name, operator, port, greeting, drip, true);
  }

  private static void rollsBackInTime(
      String name, Operator operator, int port, String greeting, String drip, boolean reads)
      throws Exception {
    assertThat(operator.order("start")).isEqualTo(200);
    try (Strangers strangers = new Strangers(port, STRANGERS, greeting, drip, reads)) {
      Waits.until(() -> strangers.connected() >= STRANGERS / 2);
      List<Duration> took = new ArrayList<>();
      for (int i = 0; i < ROLLBACKS; i++) {
        long begun = System.nanoTime();
        assertThat(operator.order("rollback")).as("rollback %d", i).isEqualTo(200);
        took.add(Duration.ofNanos(System.nanoTime() - begun));
        assertThat(operator.order("start")).as("start %d", i).isEqualTo(200);
      }
      System.out.printf(
          "%s: %d connections, slowest rollback %d ms%n",
          name, strangers.connected(), Collections.max(took).toMillis());
      assertThat(Collections.max(took)).isLessThan(Waits.bound(WITHIN));
      assertThat(operator.order("rollback")).isEqualTo(200);
    }
  }

  @Test
  void aConnectionThatHasShownTheTokenIsKept() throws Exception {
    try (RolloutProcess proxy = proxy(new JsonObject().put("token", TOKEN));
        RawClient listener = new RawClient(proxy.process().adminPort())) {
      listener.send(
          "GET /api/v1/events HTTP/1.1\r\n"
              + LOCAL
              + "Authorization: Bearer "
              + TOKEN
              + "\r\n\r\n");
      listener.readUntil("event: hello");
      try (Strangers strangers = new Strangers(proxy.process().adminPort(), STRANGERS, "", "")) {
        Waits.until(() -> strangers.connected() >= 3 * STRANGERS);
        // One a second: what came before the crowd does not count.
        for (int i = 0; i < 5; i++) {
          listener.readUntil("event: traffic");
        }
      }
    }
  }

  @Test
  void aFirstHeadHasFiveSeconds() throws Exception {
    try (RolloutProcess proxy = proxy(new JsonObject().put("token", TOKEN));
        RawClient silent = new RawClient(proxy.process().adminPort());
        RawClient slow = new RawClient(proxy.process().adminPort())) {
      long begun = System.nanoTime();
      slow.send("GET /livez HTTP/1.1\r\n");
      for (int i = 0; i < 12; i++) {
        Waits.pause(Duration.ofMillis(250));
        slow.send("X-" + i + ": y\r\n");
      }
      assertThat(silent.readToEnd()).isEmpty();
      assertThat(slow.readToEnd()).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofSeconds(5), Waits.bound(Duration.ofSeconds(7)));
    }
  }
}
