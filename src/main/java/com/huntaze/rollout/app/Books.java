package com.huntaze.rollout.app;

import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.cost.CostLedger;
import com.huntaze.rollout.cost.Dimension;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.Receipt;
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

  private final CostLedger ledger;
  private final UsageMeters meters;
  private final AccessLog accessLog;
  private final OtlpTracing tracing;
  private final Feedback feedback;

  private Books(
      CostLedger ledger,
      UsageMeters meters,
      AccessLog accessLog,
      OtlpTracing tracing,
      Feedback feedback) {
    this.ledger = ledger;
    this.feedback = feedback;
    this.meters = meters;
    this.accessLog = accessLog;
    this.tracing = tracing;
  }

  /** Opens them on a thread that may wait: what traces are sent with takes a while to load. */
  static Future<Books> open(
      Vertx vertx, Settings settings, PriceBook prices, MeterRegistry registry) {
    return vertx.executeBlocking(() -> open(settings, prices, registry));
  }

  private static Books open(Settings settings, PriceBook prices, MeterRegistry registry) {
    Set<String> keys = ids(settings, ApiKeySettings::id);
    Set<String> tiers = ids(settings, ApiKeySettings::tier);
    Set<String> agents = settings.agents().keySet();
    CostLedger ledger =
        new CostLedger(
            prices,
            Map.of(
                Dimension.MODEL, Set.copyOf(prices.models()),
                Dimension.AGENT, agents,
                Dimension.TIER, tiers,
                Dimension.KEY, keys),
            ROWS);
    if (prices.models().isEmpty()) {
      log.info(
          "No model has a price: costs are unknown, and not judged (expected: prices in {})",
          settings.prices());
    }
    AccessLog accessLog =
        settings.accessLog().enabled() ? new AccessLog(settings.accessLog(), registry) : null;
    UsageMeters meters = new UsageMeters(registry, prices, tiers, agents);
    Feedback feedback =
        new Feedback(new FeedbackBook(Set.copyOf(prices.models()), agents), prices, registry);
    return new Books(ledger, meters, accessLog, tracing(settings, prices, registry), feedback);
  }

  /** Only here does tracing load anything. */
  private static OtlpTracing tracing(Settings settings, PriceBook prices, MeterRegistry registry) {
    return settings.tracing().otlpEndpoint() == null
        ? null
        : new OtlpTracing(
            settings.tracing(), Version.text(), Set.copyOf(prices.models()), registry);
  }

  private static Set<String> ids(
      Settings settings, java.util.function.Function<ApiKeySettings, String> part) {
    return settings.auth().keys().stream().map(part).collect(Collectors.toSet());
  }

  CostLedger ledger() {
    return ledger;
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
      ledger.add(receipt);
      meters.count(receipt);
      feedback.remember(receipt);
    } catch (RuntimeException defect) {
      log.error("A request could not be entered into the books", defect);
    }
    if (accessLog != null) {
      accessLog.write(receipt);
    }
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
