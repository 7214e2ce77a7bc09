package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A provider behind a name whose addresses change, fail and are many. Loopback has as many
 * addresses as are wanted; on each one that serves an origin answers with the address itself.
 */
@Tag("heavy")
class AddressesIT {
  private static final String FIRST = "127.0.0.2";
  private static final String SECOND = "127.0.0.3";
  private static final String THIRD = "127.0.0.4";

  /** The promise: TTL, which is a second here, and five more. */
  private static final Duration IN_USE = Duration.ofSeconds(6);

  private final Map<String, RawOrigin> origins = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> served = new ConcurrentHashMap<>();
  private final RawOrigin legacy = new RawOrigin(call -> call.send(answer("legacy")));
  private final List<AutoCloseable> others = new ArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private int port;
  private NameServer names;
  private RunningProxy proxy;

  @AfterEach
  void stop() throws Exception {
    release.countDown();
    if (proxy != null) {
      proxy.close();
    }
    for (RawOrigin origin : origins.values()) {
      origin.close();
    }
    for (AutoCloseable other : others) {
      other.close();
    }
    names.close();
    legacy.close();
  }

  private static String answer(String body) {
    return "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s".formatted(body.length(), body);
  }

  private void serve(String... addresses) {
    for (String address : addresses) {
      RawOrigin origin = new RawOrigin(address, port, call -> serve(address, call));
      port = origin.port();
      origins.put(address, origin);
    }
  }

  private void serve(String address, RawOrigin.Call call) throws IOException, InterruptedException {
    served.computeIfAbsent(address, first -> new AtomicInteger()).incrementAndGet();
    if (call.head().startsWith("POST /stream")) {
      call.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n");
      call.send("data: first\n\n");
      release.await(90, TimeUnit.SECONDS);
      call.send("data: [DONE]\n\n");
      call.close();
    } else if (call.head().startsWith("POST /held")) {
      release.await(90, TimeUnit.SECONDS);
      call.send(answer(address));
    } else {
      call.send(answer(address));
    }
  }

  private int served(String address) {
    return served.getOrDefault(address, new AtomicInteger()).get();
  }

  private void start(int ttlSeconds, String... addresses) {
    names = new NameServer(ttlSeconds, addresses);
    start(new JsonObject());
  }

  private void start(JsonObject foundry) {
    JsonObject settings =
        RunningProxy.before("foundry", "http://router.test:" + port, legacy.url())
            .put("dns", names.settings())
            .put("server", new JsonObject().put("eventLoops", 2));
    settings.getJsonObject("providers").getJsonObject("foundry").mergeIn(foundry, true);
    proxy = RunningProxy.start(settings);
  }

  /** The address that has served a request, or {@code legacy}. */
  private String ask() throws IOException {
    HttpResponse<String> answer = proxy.post("/route", "{}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private void silence(String address) throws IOException {
    others.add(new SilentAddress(address, port));
  }

  private void shut(String address) throws IOException {
    origins.remove(address).close();
  }

  @Test
  void threeAddressesShareTheRequests() throws Exception {
    serve(FIRST, SECOND, THIRD);
    start(60, FIRST, SECOND, THIRD);
    for (int i = 0; i < 300; i++) {
      ask();
    }
    for (String address : List.of(FIRST, SECOND, THIRD)) {
      assertThat(served(address)).as(address).isBetween(60, 141);
    }
    assertThat(names.questions()).isEqualTo(1);
  }

  @Test
  void aDeadFirstAddressCostsNoRequest() throws Exception {
    serve(SECOND);
    start(60, FIRST, SECOND);
    for (int i = 0; i < 12; i++) {
      assertThat(ask()).isEqualTo(SECOND);
    }
    assertThat(proxy.admin("GET", "/api/v1/providers", null).body().replaceAll("\\s", ""))
        .contains("{\"address\":\"" + FIRST + "\",\"failing\":true}")
        .contains("{\"address\":\"" + SECOND + "\",\"failing\":false}");
    Metered metered = new Metered(proxy.adminPort());
    String series = "rollout_provider_addresses{provider=\"foundry\",state=\"%s\"}";
    metered.awaitValue(series.formatted("failing"), 1);
    metered.awaitValue(series.formatted("working"), 1);
  }

  @Test
  void aSilentFirstAddressCostsNoRequest() throws Exception {
    serve(SECOND);
    silence(FIRST);
    start(60, FIRST, SECOND);
    for (int i = 0; i < 12; i++) {
      assertThat(ask()).isEqualTo(SECOND);
    }
  }

  @Test
  void ipv6IsAsGood() throws Exception {
    serve("::1", FIRST);
    start(60, "::1", FIRST);
    assertThat(List.of(ask(), ask(), ask(), ask())).contains("::1", FIRST);
  }

  /** The behaviour of the address that is given up. */
  private enum Old {
    REFUSES,
    SILENT,
    ALIVE
  }

  @ParameterizedTest
  @EnumSource
  void aNewAddressIsInUseSoonAfterTheTtl(Old old) throws Exception {
    serve(FIRST, SECOND);
    start(1, FIRST);
    assertThat(ask()).isEqualTo(FIRST);
    names.tell(1, SECOND);
    long changed = System.nanoTime();
    if (old != Old.ALIVE) {
      shut(FIRST);
    }
    if (old == Old.SILENT) {
      silence(FIRST);
    }
    Waits.until(this::ask, SECOND::equals);
    assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(Waits.bound(IN_USE));
    if (old == Old.ALIVE) {
      names.awaitQuestions(4);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(ask()).isEqualTo(SECOND);
    }
  }

  @Test
  void whenAllFailTheNameServerIsAskedWhateverTheTtl() throws Exception {
    serve(FIRST, SECOND);
    start(3_600, FIRST);
    assertThat(ask()).isEqualTo(FIRST);
    names.tell(3_600, SECOND);
    shut(FIRST);
    long changed = System.nanoTime();
    Waits.until(this::ask, SECOND::equals);
    assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(Waits.bound(IN_USE));
    assertThat(names.questions()).isLessThanOrEqualTo(2 + (int) IN_USE.toSeconds());
  }

  @Test
  void theProbeAloneFindsTheNewAddress() throws Exception {
    serve(FIRST, SECOND);
    names = new NameServer(1, FIRST);
    start(
        new JsonObject()
            .put("probe", new JsonObject().put("interval", "200ms").put("timeout", "1s")));
    Waits.until(() -> served(FIRST) > 1);
    names.tell(1, SECOND);
    shut(FIRST);
    long changed = System.nanoTime();
    Waits.until(() -> served(SECOND) > 1);
    assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(Waits.bound(IN_USE));
    Waits.until(() -> proxy.admin("GET", "/api/v1/providers", null).body().contains("\"up\":true"));
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVFAIL", "NXDOMAIN", "SILENT"})
  void aNameServerThatFailsKeepsTheLastAnswer(NameServer.Mood mood) throws Exception {
    serve(FIRST);
    start(1, FIRST);
    assertThat(ask()).isEqualTo(FIRST);
    names.become(mood);
    names.awaitQuestions(4);
    for (int i = 0; i < 5; i++) {
      assertThat(ask()).isEqualTo(FIRST);
    }
    names.become(NameServer.Mood.ANSWERS);
    serve(SECOND);
    names.tell(1, SECOND);
    Waits.until(this::ask, SECOND::equals);
  }

  @Test
  void whatRunsOnAnAddressThatIsGivenUpGoesOn() throws Exception {
    serve(FIRST, SECOND);
    start(1, FIRST);
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(
          "POST /stream HTTP/1.1\r\nHost: p\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
      client.readUntil("data: first");
      names.tell(1, SECOND);
      names.awaitQuestions(4);
      for (int i = 0; i < 10; i++) {
        assertThat(ask()).isEqualTo(SECOND);
      }
      release.countDown();
      assertThat(client.readToEnd()).contains("data: [DONE]");
    }
  }

  @Test
  void aRequestBeforeTheFirstAnswerWaitsForIt() throws Exception {
    serve(FIRST);
    names = new NameServer(60, FIRST);
    names.delay(Duration.ofMillis(300));
    start(new JsonObject().put("connect", "10s"));
    assertThat(ask()).isEqualTo(FIRST);
  }

  @Test
  void aTtlOfNothingIsNoQuestionForEachRequest() throws Exception {
    serve(FIRST);
    start(0, FIRST);
    long begun = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThat(ask()).isEqualTo(FIRST);
    }
    long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    assertThat(names.questions()).isBetween(1, 2 + (int) seconds);
  }

  @Test
  void theLimitOfConnectionsIsOfAllAddresses() throws Exception {
    serve(FIRST, SECOND);
    names = new NameServer(60, FIRST, SECOND);
    start(new JsonObject().put("pool", new JsonObject().put("maxConnections", 4)));
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      clients.add(
          new RawClient(proxy.port())
              .send("POST /held HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}"));
    }
    Waits.until(() -> served(FIRST) + served(SECOND) >= 4);
    assertThat(proxy.post("/route", "{}").body()).isEqualTo("legacy");
    assertThat(origins.get(FIRST).connections() + origins.get(SECOND).connections())
        .isLessThanOrEqualTo(4);
    release.countDown();
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void aNameThatIsNoLongerConfiguredIsAskedForNoMore() throws Exception {
    serve(FIRST, "127.0.0.1");
    start(1, FIRST);
    assertThat(ask()).isEqualTo(FIRST);
    names.awaitQuestions(1);
    JsonObject foundry = new JsonObject().put("url", "http://127.0.0.1:" + port);
    proxy.reload(new JsonObject().put("providers", new JsonObject().put("foundry", foundry)));
    assertThat(ask()).isEqualTo("127.0.0.1");
    int asked = names.questions();
    Waits.pause(Duration.ofSeconds(3));
    assertThat(names.questions()).isLessThanOrEqualTo(asked + 1);
  }
}
