package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Validates: Requirements 4.1. On real sockets, over all event loops, for shares that the event bus
 * has set. Who served a request is read from its answer's body.
 */
class TrafficSplitPropertyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static TwoProviders providers;
  private static NeighbourVerticle neighbour;

  @BeforeContainer
  static void start() {
    providers = new TwoProviders("canary");
    neighbour = new NeighbourVerticle();
    RunningProxy.await(providers.proxy().vertx().deployVerticle(neighbour));
    RunningProxy.await(neighbour.command("start"));
  }

  @AfterContainer
  static void stop() throws IOException {
    providers.close();
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  @Tag("azure-foundry-production-rollout-property-5")
  @Label("**Feature: azure-foundry-production-rollout, Property 5: Canary traffic distribution**")
  void foundrysShareIsWithinFivePointsOfTheTarget(
      @ForAll @IntRange(min = 0, max = 100) int percentage,
      @ForAll @IntRange(min = 100, max = 160) int requests) {
    JsonObject set = RunningProxy.await(neighbour.set(percentage));
    assertThat(set.getInteger("percentage")).as(set.encode()).isEqualTo(percentage);
    // All loops have it within a second: a share that is not reached by then is not in force.
    long begun = System.nanoTime();
    Waits.untilAsserted(
        () -> assertThat(share(requests)).isBetween(percentage - 5.0, percentage + 5.0));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Waits.bound(PATIENCE));
  }

  private static double share(int requests) {
    List<String> served = providers.keyless(requests);
    assertThat(served).isSubsetOf("foundry", "legacy");
    return 100.0 * Collections.frequency(served, "foundry") / requests;
  }
}
