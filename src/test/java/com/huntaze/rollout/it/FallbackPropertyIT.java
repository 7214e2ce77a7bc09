package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.it.FailoverCell.Route;
import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault;
import com.huntaze.rollout.simulate.WireFault.CutAfterBytes;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.ResetAfterBytes;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Validates: Requirements 3.7, 6.1. On real sockets, with one proxy for all tries. */
class FallbackPropertyIT {
  /** Less than what is held back of JSON. */
  private static final int MAX_SIZE = 200_000;

  /** Less than an event stream's preamble. */
  private static final int MAX_PREAMBLE = 100;

  private static final AtomicInteger IDS = new AtomicInteger();
  private static Vertx vertx;
  private static FaultyUpstream foundry;
  private static FaultyUpstream legacy;
  private static RunningProxy proxy;

  @BeforeContainer
  static void start() {
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
    // Foundry is given a second, legacy the rest; a credential of our own makes a 401 Foundry's.
    JsonObject quick =
        new JsonObject()
            .put("headers", new JsonObject().put("X-API-Key", "ours"))
            .put("retry", new JsonObject().put("delay", "10ms"))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    proxy =
        RunningProxy.start(
            RunningProxy.before("foundry", foundry.url(), legacy.url())
                .put(
                    "timeouts",
                    new JsonObject().put("toFirstContent", "16s").put("fallbackReserve", "15s"))
                .put("retryBudget", new JsonObject().put("perSecond", 1_000))
                .mergeIn(
                    new JsonObject().put("providers", new JsonObject().put("foundry", quick)),
                    true));
  }

  @AfterContainer
  static void stop() {
    proxy.close();
    RunningProxy.await(vertx.close());
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  @Tag("azure-foundry-production-rollout-property-4")
  @Label("**Feature: azure-foundry-production-rollout, Property 4: Fallback on failure**")
  void anyFailureBeforeTheFirstContentIsMadeUpForByLegacy(
      @ForAll("failures") Tuple.Tuple2<Route, WireFault> failure) {
    Route route = failure.get1();
    String id = "property-" + IDS.incrementAndGet();
    foundry.plan(id, failure.get2());
    RawAnswer answer = FailoverMatrixIT.ask(proxy.port(), route, id);
    FailoverMatrixIT.isWhole(answer, route, "legacy");
    assertThat(answer.header("x-correlation-id")).isEqualTo(id);
    assertThat(answer.rest()).isEmpty();
    assertThat(foundry.ledger().begun(id)).as("attempts at Foundry").isBetween(1, 4);
    assertThat(legacy.ledger().executions(id)).isEqualTo(1);
  }

  @Provide
  Arbitrary<Tuple.Tuple2<Route, WireFault>> failures() {
    return Arbitraries.of(Route.JSON, Route.EVENTS)
        .flatMap(route -> faults(route).map(fault -> Tuple.of(route, fault)));
  }

  private static Arbitrary<WireFault> faults(Route route) {
    boolean events = route == Route.EVENTS;
    Arbitrary<WireFault> lost =
        Arbitraries.of(Plain.RESET_BEFORE_HEAD, Plain.CLOSE_BEFORE_HEAD, Plain.JUNK);
    Arbitrary<WireFault> told =
        events ? Arbitraries.of(Plain.ERROR_EVENT_FIRST, Plain.PREAMBLE_THEN_ERROR) : lost;
    Arbitrary<WireFault> silent =
        Arbitraries.of(
            Plain.ACCEPT_AND_HANG,
            Plain.BLACKHOLE_AFTER_HEAD,
            // An event stream's head alone is let go after a while: there its silence is told.
            events ? Plain.ACCEPT_AND_HANG : Plain.HEAD_THEN_STALL);
    return Arbitraries.frequencyOf(
        Tuple.of(4, lost),
        Tuple.of(2, told),
        Tuple.of(1, silent),
        Tuple.of(6, statuses()),
        Tuple.of(7, parts(events)));
  }

  private static Arbitrary<WireFault> statuses() {
    return Combinators.combine(
            Arbitraries.of(401, 403, 408, 425, 429, 500, 501, 502, 503, 504, 505, 529, 599),
            Arbitraries.strings().alpha().ofMaxLength(500))
        .as((code, text) -> new Status(code, Map.of("x-told", "foundry"), text));
  }

  private static Arbitrary<WireFault> parts(boolean events) {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(1_000, MAX_SIZE);
    return Combinators.combine(
            sizes, Arbitraries.doubles().between(0, 0.99), Arbitraries.of(0, 1, 2, 3))
        .as(
            (size, share, kind) -> {
              int bytes = (int) (share * (events ? MAX_PREAMBLE : size));
              boolean chunked = kind % 2 == 1;
              return kind < 2
                  ? new CutAfterBytes(bytes, size, chunked)
                  : new ResetAfterBytes(bytes, size, chunked);
            });
  }
}
