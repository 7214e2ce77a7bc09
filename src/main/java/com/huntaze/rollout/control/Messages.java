package com.huntaze.rollout.control;

import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The bodies of {@code docs/event-bus.md} as types. A version of the proxy that is newer may send
 * more fields, which are passed over.
 */
public final class Messages {
  private Messages() {}

  /**
   * The fate of outcomes.
   *
   * @param counted how many count
   * @param notCounted how many are history: of another epoch or stage than the present one
   * @param why they do not count, of the first of them; {@code null} when all count
   */
  public record Counted(int counted, int notCounted, String why) {}

  /**
   * The rollout (the seed's CanaryState).
   *
   * @param phase such as {@code canary_10}
   * @param percentage Foundry's share, 0..100
   * @param startedAt when this phase began
   * @param lastHealthCheck {@code null} = not yet
   * @param healthyDuration seconds that the stage has been healthy
   * @param metrics of the present stage's window
   * @param epoch the rollout, {@code n-creator}
   * @param stage zero-based, -1 outside the stages
   * @param paused whether it does not advance by itself
   * @param manual whether somebody has set its share
   * @param mode {@code foundry}, {@code legacy} or {@code canary}
   * @param stages the ladder, lowest first
   * @param reason why the rollout is where it is
   * @param next what comes next, or what is missing for it
   */
  public record State(
      String phase,
      int percentage,
      Instant startedAt,
      Instant lastHealthCheck,
      long healthyDuration,
      Sides metrics,
      String epoch,
      int stage,
      boolean paused,
      boolean manual,
      String mode,
      List<Stage> stages,
      String reason,
      boolean durable,
      String next) {}

  /** A figure of both providers. */
  public record Sides(Figures foundry, Figures legacy) {}

  /**
   * One provider's figures (the seed's ProviderMetrics).
   *
   * @param errorRate 0..1
   * @param latencyP50 milliseconds, as are the other two
   * @param totalCostUsd USD
   * @param avgCostPerRequest USD
   * @param costKnown whether any request's cost is known: if not, both costs are 0 and say nothing
   * @param modelBreakdown by model
   */
  public record Figures(
      Provider provider,
      long requestCount,
      long errorCount,
      double errorRate,
      double latencyP50,
      double latencyP95,
      double latencyP99,
      double totalCostUsd,
      double avgCostPerRequest,
      boolean costKnown,
      Map<String, ModelFigures> modelBreakdown) {}

  /**
   * One model's figures (the seed's ModelMetrics).
   *
   * @param avgLatency milliseconds
   * @param avgCost USD
   * @param costKnown whether any request's cost is known: if not, {@code avgCost} says nothing
   * @param errorRate 0..1
   */
  public record ModelFigures(
      String model,
      long requestCount,
      double avgLatency,
      double avgCost,
      boolean costKnown,
      double errorRate) {}

  /**
   * A rung of the ladder.
   *
   * @param bakeMillis how long it must be healthy
   */
  public record Stage(String phase, int percentage, long bakeMillis) {}

  /**
   * One change of the rollout.
   *
   * @param action such as {@code set}
   * @param actor who
   * @param seq its number within the epoch
   * @param evidence the body of {@code rollout.health} at that moment; empty where nothing was
   *     judged
   */
  public record Transition(
      String action,
      String actor,
      String reason,
      Instant at,
      String epoch,
      long seq,
      String fromPhase,
      int fromPercentage,
      String phase,
      int percentage,
      String sentence,
      JsonObject evidence) {}

  /**
   * An evaluation.
   *
   * @param verdict {@code rollback}, {@code alert}, {@code hold} or {@code healthy}
   * @param hold why it holds, or {@code none}
   * @param findings what exceeds a limit
   * @param notices what people are told and decides nothing
   * @param all every figure, as {@code docs/event-bus.md} tells
   */
  public record Health(
      Instant at,
      String epoch,
      int stage,
      String verdict,
      String hold,
      String sentence,
      List<Finding> findings,
      List<Finding> notices,
      Figures foundry,
      Figures legacy,
      JsonObject all) {}

  /**
   * One thing that is wrong.
   *
   * @param rule {@code plain}, {@code seq}, {@code breaker}, {@code difference}, {@code share} or
   *     {@code notice}
   * @param action what follows from it
   * @param observed a share 0..1, milliseconds or USD, as the metric is
   * @param limit in the same unit
   * @param lnE the sequential evidence, nats
   * @param lnThreshold the evidence that rolls back, nats
   */
  public record Finding(
      String metric,
      String rule,
      String action,
      double observed,
      double limit,
      long samples,
      double lnE,
      double lnThreshold,
      String sentence) {}

  /**
   * A provider's circuit breaker.
   *
   * @param state {@code closed}, {@code open} or {@code half_open}
   * @param users the distinct users among the failures that opened it and the trials that have
   *     failed since; of a closed one, among the failures in a row so far; at most 8
   * @param usersLately the distinct users whose requests have asked for it within ten minutes; at
   *     most 256, and a few of many may be taken for one
   * @param earlier of an open one, the users of whom one of its last 20 requests had failed before
   *     those that opened it, with a request between them that began and succeeded; nobody who had
   *     failed twice; 0 after a failed trial
   */
  public record Breaker(Provider provider, String state, int users, int usersLately, int earlier) {}

  /**
   * A provider's probe.
   *
   * @param cause the way in which the latest probe of a provider that is down has failed, such as
   *     {@code connect_refused} or {@code status_503}; {@code null} = it is up
   * @param why the same in words; {@code null} = it is up
   * @param addresses those that its name has; {@code null} where only a change is told
   */
  public record Probe(
      Provider provider, boolean up, String cause, String why, List<Address> addresses) {}

  /**
   * An address of a provider's name.
   *
   * @param failing whether it takes no connections
   */
  public record Address(String address, boolean failing) {}

  /**
   * A message for people.
   *
   * @param kind such as {@code rollback}
   * @param severity {@code info}, {@code warning} or {@code critical}
   * @param subject what it speaks of
   * @param occasion which of several it is; may be empty
   */
  public record Alert(
      String kind, String severity, Instant at, String subject, String occasion, String sentence) {}

  /**
   * The fate of an alert that was raised.
   *
   * @param result {@code sent}, or {@code kept_back} because one like it had been sent
   */
  public record Raised(String result) {}

  /** The latest alerts, newest first, and how the channels are doing. */
  public record Alerts(List<SentAlert> alerts, List<Channel> channels) {}

  /**
   * An alert and what became of it.
   *
   * @param id of its delivery
   * @param suppressed how many like it were kept back
   * @param deliveries {@code queued}, {@code retrying}, {@code delivered}, {@code failed} or {@code
   *     dropped}, by channel
   */
  public record SentAlert(
      String kind,
      String severity,
      Instant at,
      String subject,
      String occasion,
      String sentence,
      String id,
      long suppressed,
      Map<String, String> deliveries) {}

  /**
   * A channel of alerts.
   *
   * @param lastDeliveredAt {@code null} = never, as is {@code lastErrorAt}
   * @param lastError {@code null} = none
   */
  public record Channel(
      String channel,
      String minSeverity,
      long queued,
      long delivered,
      long failed,
      long dropped,
      long suppressed,
      long consecutiveFailures,
      Instant lastDeliveredAt,
      Instant lastErrorAt,
      String lastError) {}

  /**
   * The books.
   *
   * @param by the dimension: {@code model}, {@code agent}, {@code tier}, {@code provider} or {@code
   *     key}
   * @param rows by the dimension's values, each with its label under the dimension's name
   * @param hours of the last day
   */
  public record Costs(
      String by,
      String currency,
      CostTotals total,
      List<JsonObject> rows,
      List<CostPeriod> hours,
      List<CostPeriod> days) {}

  /** An hour or a day of the books. */
  public record CostPeriod(Instant from, CostTotals total, List<JsonObject> rows) {}

  /**
   * Sums of the books.
   *
   * @param exact requests whose cost is known exactly; {@code estimated} and {@code unknown} are
   *     the others
   * @param costNanoUsd nano-USD; {@code null} = not known
   * @param costUsd the same in USD, as text; {@code null} = not known
   */
  public record CostTotals(
      long requests,
      long exact,
      long estimated,
      long unknown,
      Long costNanoUsd,
      String costUsd,
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      long reasoningTokens) {}

  /**
   * The configuration in force.
   *
   * @param revision changes since the start
   */
  public record Configuration(int revision, Instant loadedAt, List<ConfigurationValue> values) {}

  /**
   * A value of it and where it comes from.
   *
   * @param value text, a number, a truth value, or a list of these; a secret is {@code ***}
   */
  public record ConfigurationValue(String path, Object value, String source) {}

  /**
   * The fate of a changed configuration.
   *
   * @param result {@code applied}, {@code unchanged} or {@code refused}
   * @param cause who asked for it
   * @param revision {@code null} when it is refused
   * @param changes {@code null} when it is refused
   * @param problems {@code null} unless it is refused
   */
  public record Reload(
      String result,
      String cause,
      Integer revision,
      Instant at,
      List<ConfigurationChange> changes,
      List<ConfigurationProblem> problems) {}

  /** A value that has changed, secrets as {@code ***}. */
  public record ConfigurationChange(String path, String before, String after) {}

  /** An objection to a configuration. */
  public record ConfigurationProblem(String path, String value, String expected, String sentence) {}

  /**
   * The simulated Foundry.
   *
   * @param fault that it has; {@code none} = none
   * @param faults that it may have
   */
  public record Simulation(String fault, List<String> faults) {}
}
