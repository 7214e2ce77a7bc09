package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.DelayHead;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The provider after which nothing follows is asked as long as it takes connections: a short
 * trouble of it is no long one of the clients (requirement 6.4).
 */
@ParameterizedClass
@EnumSource(Wire.class)
@Tag("long")
class LastResortIT {
  @Parameter Wire wire;

  private static final boolean HEAVY = Boolean.getBoolean("rollout.heavy");
  private static final Status FAILING = new Status(500, Map.of(), "no");
  private static final Duration BLIP = Duration.ofMillis(300);
  private static final int PER_SECOND = 50;
  private static final int ALLOWED = 20;

  private Vertx vertx;
  private FaultyUpstream foundry;
  private FaultyUpstream legacy;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterEach
  void stop() {
    RunningProxy.await(vertx.close());
  }

  private static void until(PacedLoad load, int begun) {
    Waits.until(() -> load.begun() >= begun);
  }

  private static void elapse(Duration time) {
    Waits.pause(time);
  }

  /** Has legacy fail for 0.3 s in the midst of a load, and counts the answers. */
  private Map<String, Integer> blip(int port, FaultyUpstream legacy) {
    try (PacedLoad load = new PacedLoad(wire, port, PER_SECOND)) {
      // A proxy that has just begun answers its first requests late, and then all at once.
      Waits.until(() -> load.begun() >= PER_SECOND && load.underWay() <= PER_SECOND / 10);
      RunningProxy.await(legacy.become(FAILING));
      elapse(BLIP);
      RunningProxy.await(legacy.become(Plain.NONE));
      until(load, HEAVY ? 2_100 : 300);
      return load.end();
    }
  }

  @Test
  void aShortTroubleOfLegacyIsShortInModeLegacy() {
    JsonObject settings = RunningProxy.before("legacy", foundry.url(), legacy.url());
    try (RunningProxy proxy = RunningProxy.start(wire, settings)) {
      assertThat(PacedLoad.failures(blip(proxy.port(), legacy))).isLessThanOrEqualTo(ALLOWED);
      assertThat(foundry.ledger().executions()).as("requests to Foundry").isZero();
    }
  }

  @Test
  void aShortTroubleOfLegacyIsShortAfterARollback() {
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", new JsonObject())) {
      canary.command("start");
      canary.command("rollback");
      int before = canary.foundry().ledger().executions();
      assertThat(PacedLoad.failures(blip(canary.proxy().port(), canary.legacy())))
          .isLessThanOrEqualTo(ALLOWED);
      assertThat(canary.foundry().ledger().executions())
          .as("requests to Foundry")
          .isEqualTo(before);
    }
  }

  private static Stream<WireFault> answers() {
    return Stream.of(Plain.NONE, new DelayHead(250), new DelayHead(600));
  }

  /**
   * One phase's requests are a hundred. On a busy machine it lasts longer and they come slower: a
   * request that needs a second to be read and written has met both providers at their worst.
   */
  @ParameterizedTest
  @MethodSource("answers")
  void providersThatFailInTurnServeAlmostEveryRequest(WireFault answering) {
    JsonObject settings = RunningProxy.before("foundry", foundry.url(), legacy.url());
    flip(foundry, answering);
    flip(legacy, answering);
    int flips = HEAVY ? 40 : 8;
    int perSecond = (int) Math.max(1, 100_000 / Waits.bound(Duration.ofSeconds(1)).toMillis());
    try (RunningProxy proxy = RunningProxy.start(wire, settings);
        PacedLoad load = new PacedLoad(wire, proxy.port(), perSecond)) {
      // A proxy that has just begun answers its first requests late.
      Waits.until(() -> load.begun() >= 200 && load.underWay() <= 50);
      int before = load.begun();
      for (int flip = 0; flip < flips; flip++) {
        boolean odd = flip % 2 == 1;
        flip(odd ? foundry : legacy, answering);
        flip(odd ? legacy : foundry, FAILING);
        int begun = load.begun();
        elapse(Duration.ofSeconds(1));
        until(load, begun + 100);
      }
      Map<String, Integer> counts = load.end();
      assertThat(PacedLoad.failures(counts))
          .as("%d/s, %d flips: %s", perSecond, flips, counts)
          .isLessThanOrEqualTo((load.begun() - before) / 50);
    }
  }

  @Test
  void foundryIsTheLastResortWhereFallbackIsOff() {
    JsonObject settings =
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .put("fallback", new JsonObject().put("enabled", false));
    try (RunningProxy proxy = RunningProxy.start(wire, settings)) {
      assertThat(PacedLoad.failures(blip(proxy.port(), foundry))).isLessThanOrEqualTo(ALLOWED);
      assertThat(legacy.ledger().executions()).as("requests to legacy").isZero();
    }
  }

  @Test
  void aLegacyThatRefusedConnectionsIsBackWithItsFirstOne() {
    JsonObject settings = RunningProxy.before("legacy", foundry.url(), legacy.url());
    try (RunningProxy proxy = RunningProxy.start(wire, settings);
        PacedLoad load = new PacedLoad(wire, proxy.port(), PER_SECOND)) {
      until(load, PER_SECOND);
      flip(legacy, Plain.REFUSE);
      elapse(Duration.ofSeconds(2));
      flip(legacy, Plain.NONE);
      int back = load.begun();
      until(load, back + 6 * PER_SECOND);
      Map<String, Integer> counts = load.end();
      System.out.println("Legacy refused connections for 2 s: " + counts);
      assertThat(PacedLoad.failures(counts)).isLessThanOrEqualTo(2 * PER_SECOND + ALLOWED);
    }
  }

  @Test
  void aHungLegacyGetsABoundedShareAndAllOfItWhenItAnswersAgain() throws Exception {
    JsonObject settings =
        RunningProxy.before("legacy", foundry.url(), legacy.url())
            .put("timeouts", shortly("1s", "500ms"));
    try (RunningProxy proxy = RunningProxy.start(wire, settings);
        PacedLoad load = new PacedLoad(wire, proxy.port(), 100)) {
      until(load, 1);
      flip(legacy, Plain.ACCEPT_AND_HANG);
      Waits.until(() -> proxy.admin("GET", "/api/v1/providers", null).body().contains("open"));
      elapse(Duration.ofSeconds(1));
      int before = legacy.ledger().executions();
      elapse(Duration.ofSeconds(5));
      int hung = legacy.ledger().executions() - before;
      System.out.println("A hung legacy was asked in 5 s, at 100 requests/s: " + hung);
      assertThat(hung).as("requests in 5 s").isBetween(3, 40);
      flip(legacy, Plain.NONE);
      elapse(Duration.ofSeconds(2));
      for (int i = 0; i < 20; i++) {
        assertThat(proxy.post("/route", "{}").statusCode()).isEqualTo(200);
      }
    }
  }

  private static JsonObject shortly(String toFirstContent, String reserve) {
    return new JsonObject().put("toFirstContent", toFirstContent).put("fallbackReserve", reserve);
  }

  @Test
  void thePackagedJarDoesNotLockItsLastResort() throws Exception {
    JsonObject settings =
        RunningProxy.before("legacy", foundry.url(), legacy.url())
            .put("server", wire.server().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0));
    String file = ProxyProcess.configuration(settings.encode()).toString();
    try (ProxyProcess proxy =
        ProxyProcess.startAsShipped(List.of("-Xmx256m"), Map.of(), "run", "--config", file)) {
      assertThat(PacedLoad.failures(blip(proxy.port(), legacy))).isLessThanOrEqualTo(ALLOWED);
    }
  }

  private static void flip(FaultyUpstream upstream, WireFault fault) {
    RunningProxy.await(upstream.become(fault));
  }
}
