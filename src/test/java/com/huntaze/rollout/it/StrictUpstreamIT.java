package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.it.UpstreamRow.Fate;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Messages of upstreams, from RFC 9110 and RFC 9112: each answer passes, or is replaced by an error
 * of ours or another provider's answer, or is cut. After each, with a pool that was empty and one
 * that was not, on the client's connection and on a new one, the next good requests get their own
 * answers: never another's, and never from a connection that has seen junk.
 */
class StrictUpstreamIT {
  private static final String UPSTREAM_CONNECTIONS =
      "rollout_upstream_connections{provider=\"foundry\"}";
  private static final int ROWS = 70;
  private static final Duration NEXT_ANSWER = Duration.ofSeconds(3);
  private static final AtomicInteger IDS = new AtomicInteger(10_000_000);

  private static OddOrigin origin;
  private static RawOrigin legacy;
  private static RunningProxy alone;
  private static RunningProxy withLegacy;
  private static Leftovers leftovers;
  private static Metered metered;

  @BeforeAll
  static void start() throws IOException {
    origin = new OddOrigin();
    legacy = new RawOrigin(call -> call.send(answerOf(call.head().split(" ")[1])));
    alone = RunningProxy.start(settings(false));
    withLegacy = RunningProxy.start(settings(true));
    nextIsRight(alone, 0);
    metered = new Metered(alone.adminPort());
    leftovers = new Leftovers();
  }

  private static String answerOf(String path) {
    String id = path.substring(path.lastIndexOf('/') + 1);
    return "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s".formatted(id.length(), id);
  }

  /** One attempt, so that what a single answer does shows; one event loop, so that one pool. */
  private static JsonObject settings(boolean fallback) {
    JsonObject once =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    return RunningProxy.before("foundry", origin.url(), legacy.url())
        .put("server", new JsonObject().put("eventLoops", 1))
        .put("timeouts", new JsonObject().put("toFirstContent", "8s").put("fallbackReserve", "4s"))
        .put("fallback", new JsonObject().put("enabled", fallback))
        .mergeIn(new JsonObject().put("providers", new JsonObject().put("foundry", once)), true);
  }

  @AfterAll
  static void stop() throws Exception {
    alone.close();
    withLegacy.close();
    origin.close();
    legacy.close();
    leftovers.close();
  }

  @Test
  void theTableIsLongEnough() {
    assertThat(UpstreamRows.all()).hasSizeGreaterThanOrEqualTo(ROWS);
    assertThat(UpstreamRows.all()).extracting(UpstreamRow::name).doesNotHaveDuplicates();
  }

  @TestFactory
  Stream<DynamicTest> eachAnswerHasItsFateAndTheNextRequestsGetTheirOwn() {
    return rows(row -> play(row, false, false));
  }

  /** The same on a connection that was in use before, and with a request right behind it. */
  @TestFactory
  @Tag("heavy")
  Stream<DynamicTest> soItHasOnAnyConnection() {
    return rows(
        row -> {
          play(row, true, false);
          if (row.pipelines()) {
            play(row, false, true);
            play(row, true, true);
          }
        });
  }

  private interface Check {
    void of(UpstreamRow row) throws IOException;
  }

  private static Stream<DynamicTest> rows(Check check) {
    Stream<DynamicTest> rows =
        UpstreamRows.all().stream()
            .map(row -> DynamicTest.dynamicTest(row.toString(), () -> check.of(row)));
    DynamicTest quiet =
        DynamicTest.dynamicTest("nothing is left of it in the process", () -> isQuiet(alone));
    return Stream.concat(rows, Stream.of(quiet));
  }

  @TestFactory
  Stream<DynamicTest> whatIsNoAnswerIsMadeUpForByLegacy() {
    Stream<DynamicTest> rows =
        UpstreamRows.all().stream()
            .filter(row -> row.fate() == Fate.REPLACED)
            .map(row -> DynamicTest.dynamicTest(row.name(), () -> isMadeUpFor(row)));
    DynamicTest quiet =
        DynamicTest.dynamicTest("nothing is left of it in the process", () -> isQuiet(withLegacy));
    return Stream.concat(rows, Stream.of(quiet));
  }

  @Test
  void hintsReachNoClientOfHttp10() throws IOException {
    String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
    origin.play(UpstreamRow.relayed("103", hints + UpstreamRows.OK + UpstreamRows.DECLARED));
    String id = newId();
    try (RawClient client = new RawClient(alone.port())) {
      String read = client.send("GET /row/%s HTTP/1.0\r\n\r\n".formatted(id)).readToEnd();
      assertThat(read).startsWith("HTTP/1.0 200 ").endsWith("\r\n\r\n" + id).doesNotContain("css");
    }
  }

  /** Plays a row once, alone on its client's connection or with a good request right behind it. */
  private static void play(UpstreamRow row, boolean warm, boolean pipelined) throws IOException {
    String what = (warm ? "warm" : "cold") + (pipelined ? ", pipelined" : "");
    coldPool();
    int before = warm ? nextIsRight(alone, 0) : 0;
    String id = newId();
    String nextId = newId();
    origin.play(row);
    String read;
    try (RawClient client = new RawClient(alone.port())) {
      client.send(request(row, id, !pipelined) + (pipelined ? get("/good/" + nextId) : ""));
      read = client.readToEnd();
    }
    origin.answerHasArrived();
    RawAnswer answer = row.method().equals("HEAD") ? RawAnswer.toHead(read) : RawAnswer.of(read);
    hasItsFate(row, what, id, read, answer);
    int served = origin.servedOn();
    if (warm) {
      assertThat(served).as(what + ": the row's connection").isEqualTo(before);
    }
    if (pipelined && row.fate() != Fate.CUT) {
      isOwn(RawAnswer.of(answer.rest()), what + ": right behind it", nextId, row, served);
    } else {
      assertThat(answer.rest()).as(what + ": after the answer").isEmpty();
    }
    if (!row.kept()) {
      origin.awaitEnd(what + ": its connection ends", served);
    }
    metered.awaitValue(UPSTREAM_CONNECTIONS, origin.open());
    int next = nextIsRight(alone, row.kept() ? 0 : served);
    // What is pipelined takes a connection of its own, which is then the last one used.
    assertThat(!row.kept() || pipelined || next == served).as(what + ": it is kept").isTrue();
    nextIsRight(alone, row.kept() ? 0 : served);
  }

  private static void hasItsFate(
      UpstreamRow row, String what, String id, String read, RawAnswer answer) {
    assertThat(answer.status()).as(what + ": " + read).isEqualTo(row.status());
    row.seen().forEach(text -> assertThat(read).as(what).contains(text));
    row.unseen()
        .forEach(text -> assertThat(read).as(what).doesNotContain(text.replace("@id@", id)));
    switch (row.fate()) {
      case RELAYED -> {
        assertThat(answer.whole()).as(what + ": whole").isTrue();
        assertThat(answer.body()).as(what).isEqualTo(row.text().replace("@id@", id));
      }
      case REPLACED -> {
        assertThat(answer.whole()).as(what + ": whole").isTrue();
        assertThat(answer.header("x-ai-attempts")).as(what).isEqualTo("1");
        assertThat(answer.header("x-should-retry")).as(what).isNull();
        assertThat(row.method().equals("HEAD") || answer.body().contains("FOUNDRY_UNAVAILABLE"))
            .as(what + ": " + answer.body())
            .isTrue();
      }
      case CUT -> assertThat(answer.whole()).as(what + ": a clean end").isFalse();
    }
  }

  private static void isMadeUpFor(UpstreamRow row) throws IOException {
    String id = newId();
    origin.play(row);
    try (RawClient client = new RawClient(withLegacy.port())) {
      String read = client.send(request(row, id, true)).readToEnd();
      RawAnswer answer = row.method().equals("HEAD") ? RawAnswer.toHead(read) : RawAnswer.of(read);
      assertThat(answer.status()).as(read).isEqualTo(200);
      assertThat(answer.header("x-ai-provider")).isEqualTo("legacy");
      assertThat(answer.body()).isEqualTo(row.method().equals("HEAD") ? "" : id);
    }
    origin.awaitEnd("its connection ends", origin.servedOn());
    nextIsRight(withLegacy, origin.servedOn());
  }

  private static String newId() {
    return Integer.toString(IDS.incrementAndGet());
  }

  private static String request(UpstreamRow row, String id, boolean last) {
    String half = row.body();
    return row.method()
        + " /row/%s HTTP/1.1\r\nHost: p\r\n".formatted(id)
        + (last ? "Connection: close\r\n" : "")
        + (half.isEmpty() ? "" : "Content-Length: " + 2 * half.length() + "\r\n")
        + "\r\n"
        + half;
  }

  private static String get(String path) {
    return "GET %s HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n".formatted(path);
  }

  /**
   * The next request is answered with its own id, soon.
   *
   * @param not the connection that must not have served it
   * @return the connection that has
   */
  private static int nextIsRight(RunningProxy proxy, int not) throws IOException {
    return nextIsRight(proxy, "/good/", not);
  }

  private static int nextIsRight(RunningProxy proxy, String path, int not) throws IOException {
    String id = newId();
    long begun = System.nanoTime();
    try (RawClient client = new RawClient(proxy.port())) {
      RawAnswer answer = RawAnswer.of(client.send(get(path + id)).readToEnd());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertThat(answer.status()).as("the next request: " + answer).isEqualTo(200);
      assertThat(answer.body()).as("the next request's own answer").isEqualTo(id);
      assertThat(answer.rest()).as("after the next answer").isEmpty();
      assertThat(millis)
          .as("until the next answer")
          .isLessThan(Waits.bound(NEXT_ANSWER).toMillis());
      int served = Integer.parseInt(answer.header("x-connection"));
      assertThat(served).as("the connection of the next answer").isNotEqualTo(not);
      return served;
    }
  }

  private static void isOwn(RawAnswer answer, String what, String id, UpstreamRow row, int served) {
    assertThat(answer.status()).as(what + ": " + answer).isEqualTo(200);
    assertThat(answer.body()).as(what).isEqualTo(id);
    assertThat(answer.rest()).as(what).isEmpty();
    assertThat(row.kept() || !answer.header("x-connection").equals(Integer.toString(served)))
        .as(what + ": not on its connection")
        .isTrue();
  }

  /** Has the connections to the upstream end, in good order. */
  private static void coldPool() throws IOException {
    for (int open = origin.open(); open > 0; open = origin.open()) {
      int served = nextIsRight(alone, "/last/", 0);
      origin.awaitEnd("the connection of the last request ends", served);
      assertThat(origin.open()).as("open connections").isLessThan(open);
    }
  }

  private static void isQuiet(RunningProxy proxy) throws IOException {
    Metered quiet = new Metered(proxy.adminPort());
    quiet.awaitValue("rollout_requests_in_flight", 0);
    quiet.awaitValue("rollout_client_connections", 0);
    // The pool gives up what it has not used for some seconds.
    quiet.awaitValue(UPSTREAM_CONNECTIONS, 0);
    leftovers.areNone();
  }
}
