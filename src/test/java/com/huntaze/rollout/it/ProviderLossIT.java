package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.Plain;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packaged jar under a steady load of all routes that may be repeated, while Foundry goes: no
 * client of a route that may be repeated sees an error, none waits longer than the bound, and the
 * rollout comes back by itself.
 */
@Tag("long")
class ProviderLossIT {
  /** Clients of the load that read streams. */
  private static final int STREAMS = 6;

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

  private RolloutProcess proxy(String foundry) throws Exception {
    JsonObject changes = RolloutProcess.stages("1h");
    // A stream that has begun can only be ended honestly, and that after this silence.
    JsonObject idle = new JsonObject().put("idle", "5s");
    changes.put("providers", new JsonObject().put("foundry", idle));
    return RolloutProcess.start(foundry, legacy.url(), temporary.resolve("state"), changes);
  }

  /**
   * @param streamsBegun how many streams may have had content when Foundry went
   */
  private static void lose(RolloutProcess proxy, int streamsBegun, Step loss) throws Exception {
    proxy.done("start");
    proxy.done("advance");
    try (MixedLoad load = new MixedLoad(proxy.url())) {
      proxy.waitUntil(state -> load.ofEach("200 foundry") > 20 && load.of("200 foundry") > 200);
      loss.happen();
      proxy.waitUntil(state -> state.getString("phase").equals("rollback"));
      int before = load.ofEach("200 legacy");
      proxy.waitUntil(state -> load.ofEach("200 legacy") > before + 50);
      load.finish();
      System.out.println("Answers while Foundry was lost: " + load);
      load.assertNobodySawAnError(Waits.bound(BOUND), streamsBegun);
    }
  }

  private interface Step {
    void happen() throws Exception;
  }

  static List<Plain> losses() {
    return List.of(
        Plain.ACCEPT_AND_HANG,
        Plain.REFUSE,
        Plain.BLACKHOLE_AFTER_HEAD,
        Plain.RESET_BEFORE_HEAD,
        Plain.JUNK);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void nobodySeesThatFoundryIsGone(WireFault fault) throws Exception {
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    try (RolloutProcess proxy = proxy(foundry.url())) {
      lose(proxy, 0, () -> RunningProxy.await(foundry.become(fault)));
    }
  }

  @Test
  void nobodySeesThatARealRouterIsStopped() throws Exception {
    PythonRouter.require();
    try (PythonRouter router = PythonRouter.start(Map.of());
        RolloutProcess proxy = proxy("http://127.0.0.1:" + router.port())) {
      lose(proxy, STREAMS, () -> signal("-STOP", router));
      signal("-CONT", router);
    }
  }

  @Test
  void nobodySeesThatARealRouterIsKilled() throws Exception {
    PythonRouter.require();
    try (PythonRouter router = PythonRouter.start(Map.of());
        RolloutProcess proxy = proxy("http://127.0.0.1:" + router.port())) {
      lose(proxy, STREAMS, () -> signal("-KILL", router));
    }
  }

  private static void signal(String signal, PythonRouter router) throws Exception {
    String pid = Long.toString(router.process().pid());
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }
}
