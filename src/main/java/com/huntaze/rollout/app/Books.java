package com.huntaze.rollout.app;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.cost.Activity;
import com.huntaze.rollout.cost.CostLedger;
import com.huntaze.rollout.cost.Dimension;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.Receipt;
import com.huntaze.rollout.cost.UnpricedModels;
import com.huntaze.rollout.proxy.ApiKeySettings;
import com.huntaze.rollout.proxy.Feedback;
import com.huntaze.rollout.quality.FeedbackBook;
import com.huntaze.rollout.telemetry.AccessLog;
import com.huntaze.rollout.telemetry.OtlpTracing;
import com.huntaze.rollout.telemetry.UsageMeters;
import com.huntaze.rollout.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every request is entered at its end: the ledger, the meters, the access log, and what may
 * be rated.
 */
final class Books implements Consumer<Receipt>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Books.class);
  private static final int ROWS = 200;

  /** As many requests as people look through. */
  private static final int KEPT_RECEIPTS = 100;

  private final Activity activity = new Activity(KEPT_RECEIPTS);
  private final CostLedger ledger;
  private final UsageMeters meters;
  private final UnpricedModels unpriced;
  private final Consumer<Alert> alerts;
  private final AccessLog accessLog;
  private final OtlpTracing tracing;
  private final Feedback feedback;

  private Books(
      Settings settings, PriceBook prices, MeterRegistry registry, Consumer<Alert> alerts) {
    Set<String> keys = ids(settings, ApiKeySettings::id);
    Set<String> tiers = ids(settings, ApiKeySettings::tier);
    Set<String> agents = settings.agents().keySet();
    Set<String> models = Set.copyOf(prices.models());
    this.alerts = alerts;
    ledger =
        new CostLedger(
            prices,
            Map.of(
                Dimension.MODEL, models,
                Dimension.AGENT, agents,
                Dimension.TIER, tiers,
                Dimension.KEY, keys),
            ROWS);
    meters = new UsageMeters(registry, prices, tiers, agents);
    unpriced = new UnpricedModels(prices);
    feedback = new Feedback(new FeedbackBook(models, agents), prices, registry);
    accessLog =
        settings.accessLog().enabled() ? new AccessLog(settings.accessLog(), registry) : null;
    // Only here does tracing load anything.
    tracing =
        settings.tracing().otlpEndpoint() == null
            ? null
            : new OtlpTracing(settings.tracing(), Version.text(), models, registry);
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
    return vertx.executeBlocking(() -> new Books(settings, prices, registry, alerts));
  }

  private static Set<String> ids(
      Settings settings, java.util.function.Function<ApiKeySettings, String> part) {
    return settings.auth().keys().stream().map(part).collect(Collectors.toSet());
  }

  CostLedger ledger() {
    return ledger;
  }

  /** The latest requests and the traffic of the moment. */
  Activity activity() {
    return activity;
  }

  /** Where spans go; {@code null} = tracing is off. */
  Tracing tracing() {
    return tracing;
  }

  /** Who served the last exchanges, and what callers think of that. */
  Feedback feedback() {
    return feedback;
  }

  /** Enters a request. Whatever goes wrong in here, the request has ended well. */
  @Override
  public void accept(Receipt receipt) {
    try {
      activity.add(receipt);
      ledger.add(receipt);
      meters.count(receipt);
      feedback.remember(receipt);
      receipt.charges().forEach(charge -> unpriced.firstSeen(charge).ifPresent(this::tell));
    } catch (RuntimeException defect) {
      log.error("A request could not be entered into the books", defect);
    }
    if (accessLog != null) {
      accessLog.write(receipt);
    }
  }

  private void tell(String model) {
    String sentence = "Miss price of model %s: prices 0 < 1; its cost is unknown, and not judged";
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
    if (tracing != null) {
      tracing.close();
    }
    if (accessLog != null) {
      accessLog.close();
    }
  }
}
