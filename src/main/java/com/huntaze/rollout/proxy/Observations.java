package com.huntaze.rollout.proxy;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ComparedExchanges;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.fleet.ClaimedSlots;
import com.huntaze.rollout.judge.fleet.SlotAnswers;
import com.huntaze.rollout.judge.fleet.SlotClaim;
import com.huntaze.rollout.judge.served.ServedExchange.Share;
import com.huntaze.rollout.judge.served.ServedExchanges;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Sampling;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.request.Monotonic;
import com.huntaze.rollout.request.RequestInfo;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import com.huntaze.rollout.upstream.Placements;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * One event loop's reports to the judge: it counts the exchanges by the epoch and stage in which
 * they began, and sends the cumulative counts four times a second. Exchanges that hang are found in
 * the queue of those that have begun.
 */
final class Observations {
  private static final long REPORT_MILLIS = 250;

  /**
   * The queue is looked through for exchanges that are over when it has grown past this: what stays
   * in it longer is copied by the garbage collector.
   */
  private static final int ROOM = 512;

  private final Bus bus;
  private final Supplier<BreakerState> breaker;
  private final Sampling sampling;
  private Thresholds thresholds;
  private String source;
  private ObservationCounter counter;

  /** In the order in which they began. */
  private final Deque<ExchangeWatch> begun = new ArrayDeque<>();

  /** Those that have waited for their clients: in no order, for that time is not theirs. */
  private final List<ExchangeWatch> ownTime = new ArrayList<>();

  private final ComparedExchanges compared = new ComparedExchanges();

  /** {@code null} = there is no fleet, and what is the first of this process is a sample. */
  private final ClaimedSlots slots;

  private final ServedExchanges served = new ServedExchanges();
  private Share share = Share.NONE;
  private int room = ROOM;
  private String epoch = "";
  private int stage;
  private Vertx vertx;

  /**
   * @param breaker the state of Foundry's circuit breaker
   * @param sampling picks the exchanges that the sequential tests see, process-wide
   */
  Observations(Bus bus, Thresholds thresholds, Supplier<BreakerState> breaker, Sampling sampling) {
    this.bus = bus;
    this.breaker = breaker;
    this.sampling = sampling;
    this.slots = sampling.isShared() ? new ClaimedSlots() : null;
    begin(thresholds);
  }

  private void begin(Thresholds by) {
    thresholds = by;
    source = "proxy-" + HexFormat.of().toHexDigits(random());
    counter = new ObservationCounter(source, by, sampling.streaks());
  }

  /**
   * Counts by other limits. What was counted by the old ones is told for the last time, and what is
   * under way counts for nothing: nobody knows how it would have been seen.
   */
  void configure(Thresholds by) {
    if (by.equals(thresholds)) {
      return;
    }
    endSlots();
    send(true);
    begin(by);
    if (!epoch.isEmpty()) {
      counter.began(epoch, stage);
    }
  }

  private static long random() {
    return ThreadLocalRandom.current().nextLong();
  }

  void start(Vertx on) {
    vertx = on;
    vertx.setPeriodic(REPORT_MILLIS, tick -> report());
    if (slots != null) {
      bus.hear(FleetAddresses.SLOTS_ANSWERED, SlotAnswers.class, slots::answered);
    }
  }

  /** Another snapshot is in force: exchanges that begin from now on belong to it. */
  void follow(CanarySnapshot snapshot) {
    epoch = snapshot.epoch().toString();
    stage = snapshot.stage();
    share = new Share(epoch, stage, snapshot.percentage(), snapshot.position().seq());
    counter.began(epoch, stage);
  }

  /** An exchange begins. */
  ExchangeWatch watch(UpstreamRequest ask, Requester who) {
    ProviderChoice chosen = ask.chosen();
    RequestInfo identity = ask.identity();
    if (!identity.route().judged() || chosen.reason() == Reason.OVERRIDE) {
      return ExchangeWatch.NONE;
    }
    boolean complete = ask.body().complete();
    ExchangeWatch watch =
        new ExchangeWatch(
            open(chosen.provider(), who),
            thresholds.of(Metric.LATENCY_P95),
            // The queue outlives the exchange by up to a report: it must not keep it.
            ask.body().clientTime(),
            new Compared.Origin(
                chosen.provider(), epoch, stage, who.user(), who.apiKey(), kind(identity)),
            compared,
            isSplit(chosen.reason()) ? new SplitWatch(share, served) : SplitWatch.NONE);
    watch.at(ask.request().path());
    if (!complete) {
      ownTime.add(watch);
      return watch;
    }
    begun.addLast(watch);
    if (begun.size() > room) {
      begun.removeIf(ExchangeWatch::isOver);
      room = Math.max(ROOM, 2 * begun.size());
    }
    return watch;
  }

  /** Of Azure's paths the deployment is what stands for the model. */
  static ExchangeKind kind(RequestInfo of) {
    String agent = of.agent() == null ? null : of.agent().name();
    String model = of.model() == null ? Placements.deployment(of.target()) : of.model();
    return new ExchangeKind(model, agent, of.route().label(), of.tier());
  }

  /** No share was set for what the mode or an object sends somewhere. */
  private static boolean isSplit(Reason reason) {
    return reason == Reason.STICKY || reason == Reason.WEIGHT;
  }

  private Observation open(Provider provider, Requester who) {
    long now = Monotonic.millis();
    boolean sampled = sampling.first(who.user(), now);
    Observation opened = counter.open(provider, epoch, stage, who, sampled && slots == null);
    if (sampled && slots != null) {
      slots.claim(new SlotClaim(who.user(), sampling.slot(now)), opened);
    }
    return opened;
  }

  private void report() {
    long now = System.nanoTime();
    while (!begun.isEmpty() && (begun.peekFirst().sweep(now) || waitsForClient(now))) {
      begun.removeFirst();
    }
    ownTime.removeIf(watch -> watch.sweep(now));
    send(false);
  }

  /** Sets the first aside if its clock has stood, so that those behind it are seen in time. */
  private boolean waitsForClient(long now) {
    ExchangeWatch first = begun.peekFirst();
    boolean waited = first.hasWaited(now);
    if (waited) {
      ownTime.add(first);
    }
    return waited;
  }

  private void send(boolean last) {
    BreakerState state = breaker.get();
    if (slots != null) {
      long now = Monotonic.millis();
      slots.take(now).ifPresent(claims -> bus.publish(FleetAddresses.SLOTS, claims));
      slots.sweep(now);
    }
    counter.sweep(Monotonic.millis(), state.generation(), state instanceof BreakerState.Closed);
    SourceReport report =
        new SourceReport(source, counter.rows(), compared.take(), served.take(), last);
    bus.publish(CanaryAddresses.ROWS, report);
  }

  private void endSlots() {
    if (slots != null) {
      slots.end();
    }
  }

  /** Says goodbye, so that the silence that follows is not taken for a failure. */
  void end() {
    if (vertx != null) {
      endSlots();
      send(true);
    }
  }
}
