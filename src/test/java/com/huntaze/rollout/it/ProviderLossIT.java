package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.Plain;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packaged jar under steady load while Foundry goes: no client of a route that may be repeated
 * sees an error, none waits longer than the bound, and the rollout comes back by itself.
 */
class ProviderLossIT {
  private static final int CLIENTS = 24;

  /** 5 s of requirement 6.1, and legacy's own time on a busy machine. */
  private static final Duration BOUND = Duration.ofSeconds(7);

  @TempDir private Path temporary;

  private Vertx vertx;
  private FaultyUpstream legacy;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterEach
  void stop() {
    RunningProxy.await(vertx.close());
  }

  /** Clients that ask one after the other until they are told to stop. */
  private static final class Load implements AutoCloseable {
    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final AtomicLong slowest = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    Load(String url) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/route"))
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(30))
              .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"hi\"}"))
              .build();
      for (int i = 0; i < CLIENTS; i++) {
        Thread thread = new Thread(() -> askUntilOver(request), "load-" + i);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    }

    private void askUntilOver(HttpRequest request) {
      while (!over) {
        long begun = System.nanoTime();
        count(ask(request));
        slowest.accumulateAndGet(System.nanoTime() - begun, Math::max);
      }
    }

    private String ask(HttpRequest request) {
      try {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        String provider = answer.headers().firstValue("X-AI-Provider").orElse("nobody");
        return answer.statusCode() + " " + provider;
      } catch (IOException | InterruptedException failure) {
        return failure.toString();
      }
    }

    private void count(String answer) {
      answers.computeIfAbsent(answer, first -> new AtomicInteger()).incrementAndGet();
    }

    int of(String answer) {
      AtomicInteger count = answers.get(answer);
      return count == null ? 0 : count.get();
    }

    void assertNobodySawAnError() {
      assertThat(answers.keySet()).isSubsetOf("200 foundry", "200 legacy");
      assertThat(Duration.ofNanos(slowest.get())).isLessThan(BOUND);
    }

    /** Waits for the answers that are still to come. */
    void finish() {
      over = true;
      try {
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }

    @Override
    public void close() {
      over = true;
    }
  }

  private RolloutProcess proxy(String foundry) throws Exception {
    JsonObject stages = RolloutProcess.stages("1h");
    return RolloutProcess.start(foundry, legacy.url(), temporary.resolve("state"), stages);
  }

  private static void lose(RolloutProcess proxy, Step loss) throws Exception {
    proxy.done("start");
    proxy.done("advance");
    try (Load load = new Load(proxy.url())) {
      proxy.waitUntil(state -> load.of("200 foundry") > 200);
      loss.happen();
      proxy.waitUntil(state -> state.getString("phase").equals("rollback"));
      int before = load.of("200 legacy");
      proxy.waitUntil(state -> load.of("200 legacy") > before + 200);
      load.finish();
      load.assertNobodySawAnError();
    }
  }

  private interface Step {
    void happen() throws Exception;
  }

  /** All of them with {@code -Drollout.heavy=true}. */
  static List<Plain> losses() {
    return Boolean.getBoolean("rollout.heavy")
        ? List.of(
            Plain.ACCEPT_AND_HANG,
            Plain.REFUSE,
            Plain.BLACKHOLE_AFTER_HEAD,
            Plain.RESET_BEFORE_HEAD,
            Plain.JUNK)
        : List.of(Plain.ACCEPT_AND_HANG);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void nobodySeesThatFoundryIsGone(WireFault fault) throws Exception {
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    try (RolloutProcess proxy = proxy(foundry.url())) {
      lose(proxy, () -> RunningProxy.await(foundry.become(fault)));
    }
  }

  @Test
  void nobodySeesThatARealRouterIsStopped() throws Exception {
    PythonRouter.require();
    try (PythonRouter router = PythonRouter.start(Map.of());
        RolloutProcess proxy = proxy("http://127.0.0.1:" + router.port())) {
      lose(proxy, () -> signal("-STOP", router));
      signal("-CONT", router);
    }
  }

  @Test
  void nobodySeesThatARealRouterIsKilled() throws Exception {
    PythonRouter.require();
    try (PythonRouter router = PythonRouter.start(Map.of());
        RolloutProcess proxy = proxy("http://127.0.0.1:" + router.port())) {
      lose(proxy, () -> signal("-KILL", router));
    }
  }

  private static void signal(String signal, PythonRouter router) throws Exception {
    String pid = Long.toString(router.process().pid());
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }
}
