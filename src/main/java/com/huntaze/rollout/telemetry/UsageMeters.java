package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.CostKind;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The meters of what requests used and cost, and of how soon they were answered. Thread-safe; each
 * meter is made once and found again by a key.
 */
public final class UsageMeters {
  private static final Duration[] OVERHEAD_BUCKETS = doubled(Duration.ofNanos(62_500), 12);
  private static final int ROOM = 50;
  private static final String REFUSED = "refused";

  private final MeterRegistry registry;
  private volatile PriceBook prices;
  private final BoundedLabels models;
  private final BoundedLabels tiers;
  private final BoundedLabels agents;
  private final Map<ModelKey, PerModel> perModel = new ConcurrentHashMap<>();
  private final Map<CallerKey, Counter> callers = new ConcurrentHashMap<>();
  private final Map<ModelKey, Counter> perModelUsd = new ConcurrentHashMap<>();
  private final Map<AnswerKey, Timer> firstContent = new ConcurrentHashMap<>();
  private final Timer overhead;
  private final RequestMeters requests;
  private volatile Duration[] contentEdges;

  /** {@code null} = they are not wanted. */
  private volatile GenAiMeters genAi;

  /**
   * The limits of times, which are edges of the histograms.
   *
   * @param latency to the first content of a stream, else to the last byte
   * @param firstContent of a stream
   */
  public record Limits(Duration latency, Duration firstContent) {
    private Duration[] edges() {
      return DurationEdges.of(latency, firstContent);
    }
  }

  private record ModelKey(Provider provider, String model) {}

  private record CallerKey(String agent, String tier, String ending) {}

  private record AnswerKey(Provider provider, boolean stream) {}

  private record PerModel(
      Counter input,
      Counter output,
      Counter cached,
      Counter reasoning,
      Map<CostKind, Counter> requests) {}

  /**
   * @param tiers the tiers of the configured keys
   * @param agents the configured agents
   */
  public UsageMeters(
      MeterRegistry registry,
      PriceBook prices,
      Set<String> tiers,
      Set<String> agents,
      Limits limits) {
    this.registry = registry;
    this.prices = prices;
    this.models = new BoundedLabels(Set.copyOf(prices.models()), ROOM);
    this.tiers = new BoundedLabels(tiers, ROOM);
    this.agents = new BoundedLabels(agents, ROOM);
    this.requests = new RequestMeters(registry, limits.latency());
    this.contentEdges = limits.edges();
    overhead =
        Timer.builder("rollout.proxy.overhead")
            .description("Of a request's time, what neither its client nor its provider took.")
            .serviceLevelObjectives(OVERHEAD_BUCKETS)
            .register(registry);
  }

  /** Tells whether the same is counted by OpenTelemetry's names, too; off at first. */
  public synchronized void openTelemetry(boolean wanted) {
    GenAiMeters before = genAi;
    if (wanted && before == null) {
      genAi = new GenAiMeters(registry);
    } else if (!wanted && before != null) {
      genAi = null;
      before.remove();
    }
  }

  /** Goes on with other prices, tiers, agents and limits, as in the constructor. */
  public void configure(
      PriceBook newPrices, Set<String> newTiers, Set<String> newAgents, Limits limits) {
    requests.configure(limits.latency());
    if (!Arrays.equals(contentEdges, limits.edges())) {
      contentEdges = limits.edges();
      firstContent.forEach(
          (key, timer) -> {
            registry.remove(timer);
            firstContent.remove(key, timer);
          });
    }
    prices = newPrices;
    models.configure(Set.copyOf(newPrices.models()));
    tiers.configure(newTiers);
    agents.configure(newAgents);
  }

  private static Duration[] doubled(Duration first, int count) {
    Duration[] all = new Duration[count];
    for (int i = 0; i < count; i++) {
      all[i] = first.multipliedBy(1L << i);
    }
    return all;
  }

  /** Counts a request that has ended; called on an event loop. */
  public void count(ExchangeRecord record) {
    ExemplarSpan.enter(record);
    try {
      countRequest(record);
      countUsage(record);
    } finally {
      ExemplarSpan.enter(null);
    }
  }

  /** A request that no provider was asked for, or that was refused, is counted elsewhere. */
  private void countRequest(ExchangeRecord record) {
    if (record.provider() != null && !REFUSED.equals(record.ending())) {
      String agent = record.caller().agent();
      String model = listed(record.model());
      boolean known = agents.isConfigured(agent) && models.isConfigured(model);
      requests.count(
          record,
          new RequestMeters.Labels(
              record.provider(),
              record.request().route(),
              agents.of(agent),
              models.of(model),
              known));
      GenAiMeters also = genAi;
      if (also != null) {
        also.count(record, name -> models.of(listed(name)));
      }
    }
  }

  /** The name that the prices have for a model, where they have one. */
  private String listed(String model) {
    return prices.listedOrOwn(model);
  }

  private void countUsage(ExchangeRecord record) {
    List<Charge> charges = record.charges();
    for (int i = 0; i < charges.size(); i++) {
      count(charges.get(i));
    }
    CallerKey caller =
        new CallerKey(
            agents.of(record.caller().agent()), tiers.of(record.caller().tier()), record.ending());
    Counter known = callers.get(caller);
    (known == null ? callers.computeIfAbsent(caller, this::callerCounter) : known).increment();
    if (record.firstContentNanos() >= 0) {
      firstContent
          .computeIfAbsent(
              new AnswerKey(record.provider(), record.served().stream()), this::contentTimer)
          .record(record.firstContentNanos(), TimeUnit.NANOSECONDS);
    }
    if (record.overheadNanos() >= 0) {
      overhead.record(record.overheadNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void count(Charge charge) {
    String model = listed(charge.model());
    ModelKey key = new ModelKey(charge.provider(), models.of(model));
    PerModel known = perModel.get(key);
    PerModel meters = known == null ? perModel.computeIfAbsent(key, this::modelMeters) : known;
    meters.requests.get(charge.cost().kind()).increment();
    Usage usage = charge.usage();
    boolean tells = charge.cost().nanoUsd() > 0 || usage != null;
    if (tells && charge.cost().isKnown()) {
      // Made only now: a series of 0 would tell of a cost that is not known. Errors tell of none.
      perModelUsd
          .computeIfAbsent(key, this::usd)
          .increment((double) charge.cost().nanoUsd() / NanoUsd.PER_USD);
    }
    if (usage != null) {
      meters.input.increment(usage.inputTokens());
      meters.output.increment(usage.outputTokens());
      meters.cached.increment(usage.cachedTokens());
      meters.reasoning.increment(usage.reasoningTokens());
    }
  }

  private PerModel modelMeters(ModelKey key) {
    Map<CostKind, Counter> requests = new ConcurrentHashMap<>();
    for (CostKind kind : CostKind.values()) {
      requests.put(
          kind,
          Counter.builder("rollout.cost.requests")
              .description("Charged attempts, by how well their cost is known.")
              .tag("provider", key.provider.label())
              .tag("model", key.model)
              .tag("kind", kind.label())
              .register(registry));
    }
    return new PerModel(
        tokens(key, "input"),
        tokens(key, "output"),
        tokens(key, "cached"),
        tokens(key, "reasoning"),
        requests);
  }

  private Counter usd(ModelKey key) {
    return Counter.builder("rollout.cost.usd")
        .description("What providers charge, in US dollars; none where no cost is known.")
        .tag("provider", key.provider.label())
        .tag("model", key.model)
        .register(registry);
  }

  private Counter tokens(ModelKey key, String type) {
    return Counter.builder("rollout.tokens")
        .description("Tokens; the cached are input too, those of reasoning output.")
        .tag("provider", key.provider.label())
        .tag("model", key.model)
        .tag("type", type)
        .register(registry);
  }

  private Counter callerCounter(CallerKey key) {
    return Counter.builder("rollout.caller.requests")
        .description("Requests, by agent and tier of the caller and by how they ended.")
        .tag("agent", key.agent)
        .tag("tier", key.tier)
        .tag("outcome", key.ending)
        .register(registry);
  }

  private Timer contentTimer(AnswerKey key) {
    return Timer.builder("rollout.first.content.duration")
        .description("Time from a request's first byte to its answer's first content.")
        .tag("provider", key.provider.label())
        .tag("stream", Boolean.toString(key.stream))
        .serviceLevelObjectives(contentEdges)
        .register(registry);
  }
}
