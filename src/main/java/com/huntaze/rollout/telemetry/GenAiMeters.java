package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.trace.Operation;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The same requests once more by the names of OpenTelemetry's semantic conventions for generative
 * AI (client metrics, in development), as dashboards that others have made ask for them. Names,
 * attributes and edges are theirs; the names on the wire are those of Prometheus. Thread-safe. At
 * most {@value #MOST_SERIES} time series: what comes when there is no room has {@code other} for
 * its models, its operation and its error, and room of its own.
 */
final class GenAiMeters {
  static final int MOST_SERIES = 2_000;

  /** All their names begin with it. */
  static final String PREFIX = "gen_ai.";

  private static final String DURATION = "gen_ai.client.operation.duration";
  private static final String FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk";
  private static final String TOKENS = "gen_ai.client.token.usage";

  /** 0.01 s, doubled up to 81.92 s. */
  private static final Duration[] SECONDS =
      IntStream.range(0, 14).mapToObj(i -> Duration.ofMillis(10L << i)).toArray(Duration[]::new);

  /** 1, times four up to 67,108,864. */
  private static final double[] COUNTS =
      IntStream.range(0, 14).mapToDouble(i -> 1L << 2 * i).toArray();

  /** Its edges, the one without end, the count, the sum and the maximum. */
  private static final int SIZE = SECONDS.length + 4;

  /** Of each provider: durations with an error and without, first chunks, both kinds of tokens. */
  private static final int REST = Provider.values().length * 5 * SIZE;

  private static final int BAD_REQUEST = 400;
  private static final String NO_ERROR = "";

  private final MeterRegistry registry;
  private final Map<Labels, Timer> durations = new ConcurrentHashMap<>();
  private final Map<Labels, Timer> firstChunks = new ConcurrentHashMap<>();
  private final Map<Labels, DistributionSummary> tokens = new ConcurrentHashMap<>();
  private int used = REST;

  /**
   * The attributes of one series.
   *
   * @param last {@code error.type}, or {@code gen_ai.token.type}
   */
  private record Labels(
      String operation, Provider provider, String asked, String served, String last) {
    private Labels rest(String lastOfRest) {
      String all = BoundedLabels.OTHER;
      return new Labels(all, provider, all, all, lastOfRest);
    }
  }

  GenAiMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts a request for a model that a provider was asked for.
   *
   * @param label bounds the names of models
   */
  void count(ExchangeRecord record, Function<String, String> label) {
    Operation operation = Operation.of(record.request().method(), record.request().path());
    if (operation == null) {
      return;
    }
    String asked = label.apply(record.request().model());
    String served = label.apply(record.model());
    String error = error(record);
    String anyError = error.isEmpty() ? NO_ERROR : BoundedLabels.OTHER;
    Labels all = new Labels(operation.label(), record.provider(), asked, served, error);
    find(durations, all, anyError, this::duration)
        .record(record.latencyNanos(), TimeUnit.NANOSECONDS);
    if (record.served().stream() && record.firstContentNanos() >= 0) {
      Labels stream = new Labels(operation.label(), record.provider(), asked, served, NO_ERROR);
      find(firstChunks, stream, NO_ERROR, this::firstChunk)
          .record(record.firstContentNanos(), TimeUnit.NANOSECONDS);
    }
    for (Charge charge : record.charges()) {
      Usage usage = charge.usage();
      if (usage != null) {
        String by = label.apply(charge.model());
        used(operation, charge.provider(), asked, by, "input", usage.inputTokens());
        used(operation, charge.provider(), asked, by, "output", usage.outputTokens());
      }
    }
  }

  private void used(
      Operation operation, Provider provider, String asked, String by, String type, long count) {
    Labels all = new Labels(operation.label(), provider, asked, by, type);
    find(tokens, all, type, this::tokens).record(count);
  }

  /** The status where it says something, else what became of the request. */
  private static String error(ExchangeRecord record) {
    if (record.status() >= BAD_REQUEST) {
      return Integer.toString(record.status());
    }
    return switch (record.ending()) {
      case "complete" -> NO_ERROR;
      case "upstream_failed" -> record.outcome() == null ? record.ending() : record.outcome();
      default -> record.ending();
    };
  }

  /**
   * @param lastOfRest the last label where there is no room for the others
   */
  private <M> M find(
      Map<Labels, M> known, Labels labels, String lastOfRest, Function<Labels, M> make) {
    M found = known.get(labels);
    return found == null ? add(known, labels, lastOfRest, make) : found;
  }

  private synchronized <M> M add(
      Map<Labels, M> known, Labels labels, String lastOfRest, Function<Labels, M> make) {
    if (used + SIZE > MOST_SERIES) {
      return known.computeIfAbsent(labels.rest(lastOfRest), make);
    }
    if (!known.containsKey(labels)) {
      used += SIZE;
    }
    return known.computeIfAbsent(labels, make);
  }

  private Timer duration(Labels labels) {
    return Timer.builder(DURATION)
        .description("GenAI operation duration.")
        .tags(tags(labels))
        .tag("error.type", labels.last())
        .serviceLevelObjectives(SECONDS)
        .register(registry);
  }

  private Timer firstChunk(Labels labels) {
    return Timer.builder(FIRST_CHUNK)
        .description("Time to receive the first chunk of a stream.")
        .tags(tags(labels))
        .serviceLevelObjectives(SECONDS)
        .register(registry);
  }

  private DistributionSummary tokens(Labels labels) {
    return DistributionSummary.builder(TOKENS)
        .description("Number of input and output tokens used.")
        .tags(tags(labels))
        .tag("gen_ai.token.type", labels.last())
        .serviceLevelObjectives(COUNTS)
        .register(registry);
  }

  private static Tags tags(Labels labels) {
    return Tags.of(
        "gen_ai.operation.name", labels.operation(),
        "gen_ai.provider.name", SpanNames.genAi(labels.provider()),
        "gen_ai.request.model", labels.asked(),
        "gen_ai.response.model", labels.served());
  }

  /** They are not wanted any more. */
  synchronized void remove() {
    List.of(durations, firstChunks, tokens)
        .forEach(
            all -> {
              all.values().forEach(meter -> registry.remove((Meter) meter));
              all.clear();
            });
    used = REST;
  }
}
