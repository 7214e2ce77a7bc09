package com.huntaze.rollout.admin;

import com.huntaze.rollout.exchange.Activity;
import com.huntaze.rollout.exchange.Activity.Counts;
import com.huntaze.rollout.exchange.Activity.SideCounts;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.HdrHistogram.Histogram;

/**
 * The traffic of the last seconds, from the running counts: requests per second and time to first
 * content of both sides. Taken once a second by one event loop.
 */
final class TrafficFigures {
  /** Over so many looks rates and percentiles are taken: one second alone is noise. */
  private static final int LOOKS = 10;

  private static final double PERCENTILE = 95;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Activity activity;
  private final Deque<Look> looks = new ArrayDeque<>();
  private Counts broken;
  private Instant brokenAt;
  private String fault;

  private record Look(long nanos, Counts counts) {}

  TrafficFigures(Activity activity) {
    this.activity = activity;
    look();
  }

  /** A simulated provider is broken from now on: clients are counted from here. */
  void brokenBy(String newFault) {
    broken = looks.getLast().counts();
    brokenAt = Instant.now();
    fault = newFault;
  }

  /** A new look at the traffic. */
  JsonObject next() {
    look();
    Look oldest = looks.getFirst();
    Look newest = looks.getLast();
    double seconds = Math.max(0.001, (newest.nanos - oldest.nanos) / NANOS_PER_SECOND);
    long toFoundry = newest.counts.foundry().requests() - oldest.counts.foundry().requests();
    long toLegacy = newest.counts.legacy().requests() - oldest.counts.legacy().requests();
    long all = toFoundry + toLegacy;
    return new JsonObject()
        .put("at", Instant.now().toString())
        .put("foundryShare", all == 0 ? null : (double) toFoundry / all)
        .put("refused", newest.counts.refused())
        .put("foundry", side(newest.counts.foundry(), oldest.counts.foundry(), seconds, true))
        .put("legacy", side(newest.counts.legacy(), oldest.counts.legacy(), seconds, false))
        .put("broken", broken(newest.counts));
  }

  private void look() {
    looks.addLast(new Look(System.nanoTime(), activity.look()));
    if (looks.size() > LOOKS + 1) {
      looks.removeFirst();
    }
  }

  private JsonObject side(SideCounts newest, SideCounts oldest, double seconds, boolean foundry) {
    Histogram times = new Histogram(2);
    looks.stream()
        .skip(1)
        .map(Look::counts)
        .map(counts -> foundry ? counts.foundry() : counts.legacy())
        .forEach(counts -> times.add(counts.firstContent()));
    return new JsonObject()
        .put("requests", newest.requests())
        .put("servedByLegacy", newest.servedByLegacy())
        .put("clientErrors", newest.clientErrors())
        .put("perSecond", (newest.requests() - oldest.requests()) / seconds)
        .put("errorsPerSecond", (newest.clientErrors() - oldest.clientErrors()) / seconds)
        .put("fallbacksPerSecond", (newest.servedByLegacy() - oldest.servedByLegacy()) / seconds)
        .put("streams", times.getTotalCount())
        .put(
            "firstContentP95",
            times.getTotalCount() == 0 ? null : times.getValueAtPercentile(PERCENTILE));
  }

  /** Returns the clients' view since the provider was broken; {@code null} = it never was. */
  private JsonObject broken(Counts now) {
    if (broken == null) {
      return null;
    }
    long errors = now.foundry().clientErrors() + now.legacy().clientErrors();
    long before = broken.foundry().clientErrors() + broken.legacy().clientErrors();
    return new JsonObject()
        .put("fault", fault)
        .put("at", brokenAt.toString())
        .put("clientErrors", errors - before)
        .put("servedByLegacy", now.foundry().servedByLegacy() - broken.foundry().servedByLegacy());
  }
}
