package com.huntaze.rollout.app;

import com.huntaze.rollout.admission.ApiKeySettings;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.CostLedger;
import com.huntaze.rollout.cost.Dimension;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.UnpricedModels;
import com.huntaze.rollout.exchange.Activity;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.feedback.Feedback;
import com.huntaze.rollout.quality.FeedbackBook;
import com.huntaze.rollout.telemetry.AccessLog;
import com.huntaze.rollout.telemetry.OtlpTracing;
import com.huntaze.rollout.telemetry.UsageMeters;
import com.huntaze.rollout.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place where each request is entered at its end: the ledger, the meters, the access log, and
 * the memory of ratings.
 */
final class Books implements Consumer<ExchangeRecord>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Books.class);
  private static final int ROWS = 200;

  /** As many requests as people look through; each is at most some kilobytes, and mostly one. */
  private static final int KEPT_RECORDS = 10_000;

  /**
   * The time for which parts that were replaced may still be told of requests that began with them.
   */
  private static final long GRACE_MILLIS = 10_000;

  private final Vertx vertx;
  private final MeterRegistry registry;
  private final Consumer<Alert> alerts;
  private final Activity activity = new Activity(KEPT_RECORDS);
  private final CostLedger ledger;
  private final UsageMeters meters;
  private final Feedback feedback;
  private final List<AutoCloseable> leaving = new CopyOnWriteArrayList<>();
  private volatile PriceBook priced;
  private volatile UnpricedModels unpriced;
  private volatile AccessLog accessLog;
  private volatile OtlpTracing tracing;

  private Books(
      Vertx vertx,
      Settings settings,
      PriceBook prices,
      MeterRegistry registry,
      Consumer<Alert> alerts) {
    this.vertx = vertx;
    this.registry = registry;
    this.alerts = alerts;
    Set<String> agents = settings.agents().keySet();
    ledger = new CostLedger(prices, rows(settings, prices), ROWS);
    meters =
        new UsageMeters(
            registry, prices, ids(settings, ApiKeySettings::tier), agents, limits(settings));
    meters.openTelemetry(settings.metrics().openTelemetry());
    priced = prices;
    unpriced = new UnpricedModels(prices);
    feedback = new Feedback(new FeedbackBook(models(prices), agents), prices, registry);
    accessLog = accessLog(settings);
    tracing = tracing(settings, prices);
  }

  /**
   * Opens them on a thread that may wait: what traces are sent with takes a while to load.
   *
   * @param alerts told of models without a price, on any event loop
   */
  static Future<Books> open(
      Vertx vertx,
      Settings settings,
      PriceBook prices,
      MeterRegistry registry,
      Consumer<Alert> alerts) {
    if (prices.models().isEmpty()) {
      log.info(
          "No model has a price: costs are unknown, and not judged (expected: prices in {})",
          settings.prices());
    }
    return vertx.executeBlocking(() -> new Books(vertx, settings, prices, registry, alerts));
  }

  private static UsageMeters.Limits limits(Settings settings) {
    return new UsageMeters.Limits(
        settings.health().latencyP95().limit(), settings.health().firstContentP95().limit());
  }

  /** Goes on by other settings; what was entered stays. */
  Future<Void> configure(Settings before, Settings after, PriceBook prices) {
    Set<String> agents = after.agents().keySet();
    ledger.configure(prices, rows(after, prices));
    meters.configure(prices, ids(after, ApiKeySettings::tier), agents, limits(after));
    meters.openTelemetry(after.metrics().openTelemetry());
    feedback.configure(prices);
    feedback.book().configure(models(prices), agents);
    if (prices != priced) {
      priced = prices;
      unpriced = new UnpricedModels(prices);
    }
    return vertx.executeBlocking(
        () -> {
          if (!before.accessLog().equals(after.accessLog())) {
            leave(accessLog);
            accessLog = accessLog(after);
          }
          if (!before.tracing().equals(after.tracing())) {
            leave(tracing);
            tracing = tracing(after, prices);
          } else if (tracing != null) {
            tracing.configure(models(prices));
          }
          return null;
        });
  }

  private void leave(AutoCloseable old) {
    if (old != null) {
      leaving.add(old);
      vertx.setTimer(GRACE_MILLIS, over -> vertx.executeBlocking(() -> closeQuietly(old), false));
    }
  }

  private AccessLog accessLog(Settings settings) {
    return settings.accessLog().enabled() ? new AccessLog(settings.accessLog(), registry) : null;
  }

  /** Only here does tracing load anything. */
  private OtlpTracing tracing(Settings settings, PriceBook prices) {
    return settings.tracing().otlpEndpoint() == null
        ? null
        : new OtlpTracing(settings.tracing(), Version.text(), models(prices), registry);
  }

  private static Map<Dimension, Set<String>> rows(Settings settings, PriceBook prices) {
    return Map.of(
        Dimension.MODEL, models(prices),
        Dimension.AGENT, settings.agents().keySet(),
        Dimension.TIER, ids(settings, ApiKeySettings::tier),
        Dimension.KEY, ids(settings, ApiKeySettings::id));
  }

  private static Set<String> models(PriceBook prices) {
    return Set.copyOf(prices.models());
  }

  private static Set<String> ids(Settings settings, Function<ApiKeySettings, String> part) {
    return settings.auth().keys().stream().map(part).collect(Collectors.toSet());
  }

  /** The prices in force. */
  PriceBook prices() {
    return priced;
  }

  CostLedger ledger() {
    return ledger;
  }

  /** The latest requests and the traffic of the moment. */
  Activity activity() {
    return activity;
  }

  /** Returns the receiver of spans; {@code null} = tracing is off. */
  Tracing tracing() {
    return tracing;
  }

  /** Returns the memory of the last exchanges and of their callers' ratings. */
  Feedback feedback() {
    return feedback;
  }

  /** Enters a request. Whatever goes wrong in here, the request has ended well. */
  @Override
  public void accept(ExchangeRecord record) {
    try {
      activity.add(record);
      ledger.add(record.endedAt(), record.caller(), record.charges());
      meters.count(record);
      feedback.remember(record);
      List<Charge> charges = record.charges();
      for (int i = 0; i < charges.size(); i++) {
        unpriced.firstSeen(charges.get(i)).ifPresent(this::tell);
      }
    } catch (RuntimeException defect) {
      log.error("A request could not be entered into the books", defect);
    }
    AccessLog lines = accessLog;
    if (lines != null) {
      lines.write(record);
    }
  }

  private void tell(String model) {
    String sentence =
        "No price for model %s: its cost is unknown and is not judged. Add it to the price file.";
    alerts.accept(
        Alert.of(
            Alert.Kind.PRICE_UNKNOWN,
            "model " + model,
            sentence.formatted(model),
            System.currentTimeMillis()));
  }

  /** Writes the lines and sends the spans that wait. Blocks. */
  @Override
  public void close() {
    closeQuietly(tracing);
    closeQuietly(accessLog);
    leaving.forEach(this::closeQuietly);
  }

  private Void closeQuietly(AutoCloseable closing) {
    leaving.remove(closing);
    try {
      if (closing != null) {
        closing.close();
      }
    } catch (Exception failed) {
      log.warn("Lines or spans could not be sent at the end: {}", failed.getMessage());
    }
    return null;
  }
}
