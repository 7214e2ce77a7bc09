package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The meters of how requests ended and how long they took, by provider, route, agent and model.
 * Thread-safe. All combinations together have at most {@value #MOST_SERIES} time series; those that
 * come when there is no room are one, with the labels {@code other}. Names that nobody has
 * configured get half of the room at most, so that callers who invent some take none of the others'
 * places.
 */
final class RequestMeters {
  static final int MOST_SERIES = 2_000;

  /** Of a histogram: the edge without end, the count, the sum and the maximum. */
  private static final int BESIDE_EDGES = 4;

  /** Beside the endings, for it is no ending. */
  private static final String ERRORS = "errors";

  private static final List<String> ENDINGS =
      List.of("complete", "client_gone", "upstream_failed", "refused");

  private final MeterRegistry registry;
  private final Map<Labels, Series> series = new ConcurrentHashMap<>();
  private final Map<Provider, Series> rest = new EnumMap<>(Provider.class);
  private volatile Duration[] edges;
  private int used;

  /**
   * The labels of a request.
   *
   * @param known whether the configuration names all of them
   */
  record Labels(Provider provider, String route, String agent, String model, boolean known) {}

  /**
   * @param limit the limit on the latency, which is an edge of the histogram
   */
  RequestMeters(MeterRegistry registry, Duration limit) {
    this.registry = registry;
    this.edges = DurationEdges.of(limit);
    for (Provider provider : Provider.values()) {
      rest.put(provider, new Series(labels(provider, BoundedLabels.OTHER)));
      used += size();
      // A provider that has had no request yet is told as one with none.
      find(labels(provider, BoundedLabels.NONE)).register();
    }
  }

  private static Labels labels(Provider provider, String all) {
    return new Labels(provider, all, all, all, true);
  }

  /** Goes by another limit: histograms whose edges differ begin anew. */
  void configure(Duration limit) {
    Duration[] newer = DurationEdges.of(limit);
    if (Arrays.equals(newer, edges)) {
      return;
    }
    edges = newer;
    series.values().forEach(Series::forgetTimes);
    rest.values().forEach(Series::forgetTimes);
  }

  /** Counts a request that a provider was asked for and that was not refused by us. */
  void count(ExchangeRecord record, Labels labels) {
    Series found = find(labels);
    found.ended(record.ending(), record.failed());
    found.took(record.latencyNanos());
  }

  private Series find(Labels labels) {
    Series known = series.get(labels);
    return known == null ? make(labels) : known;
  }

  private synchronized Series make(Labels labels) {
    Series known = series.get(labels);
    if (known != null) {
      return known;
    }
    int room = labels.known() ? MOST_SERIES : MOST_SERIES / 2;
    if (used + size() > room) {
      return rest.get(labels.provider());
    }
    used += size();
    Series made = new Series(labels);
    series.put(labels, made);
    return made;
  }

  private static int size() {
    return DurationEdges.MOST + BESIDE_EDGES + ENDINGS.size() + 1;
  }

  /** The time series of one combination; each is made when there is something to tell. */
  private final class Series {
    private final Labels labels;
    private final Map<String, Counter> endings = new ConcurrentHashMap<>();
    private volatile Timer times;

    Series(Labels labels) {
      this.labels = labels;
    }

    void register() {
      ENDINGS.forEach(ending -> endings.computeIfAbsent(ending, this::counter));
      endings.computeIfAbsent(ERRORS, errors -> errorCounter());
      times();
    }

    void ended(String ending, boolean failed) {
      endings.computeIfAbsent(ending, this::counter).increment();
      if (failed) {
        endings.computeIfAbsent(ERRORS, errors -> errorCounter()).increment();
      }
    }

    void took(long nanos) {
      times().record(nanos, TimeUnit.NANOSECONDS);
    }

    void forgetTimes() {
      Timer old = times;
      if (old != null) {
        registry.remove(old);
        times = null;
      }
    }

    private Timer times() {
      Timer known = times;
      return known == null ? timer() : known;
    }

    private Counter counter(String ending) {
      return Counter.builder("rollout.requests")
          .description("Requests that were sent to a provider, by how they ended.")
          .tags(tags())
          .tag("outcome", ending)
          .register(registry);
    }

    private Counter errorCounter() {
      return Counter.builder("rollout.request.errors")
          .description("Requests whose clients got a status of 500 or more, or a cut answer.")
          .tags(tags())
          .register(registry);
    }

    private Tags tags() {
      return Tags.of(
          "provider", labels.provider().label(),
          "route", labels.route(),
          "agent", labels.agent(),
          "model", labels.model());
    }

    private Timer timer() {
      Timer made =
          Timer.builder("rollout.request.duration")
              .description("Time from a request's first byte to its answer's last.")
              .tags(tags())
              .serviceLevelObjectives(edges)
              .register(registry);
      times = made;
      return made;
    }
  }
}
