package com.huntaze.rollout.alert;

import com.huntaze.rollout.Cases;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The ends of deliveries, and the method that tells them apart. */
public final class AlertCases {
  private static final ChannelSettings SETTINGS =
      new ChannelSettings(
          ChannelType.LOG,
          Severity.INFO,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          List.of());

  private AlertCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) {
    cases.examples(
        new Attempted.Delivered(),
        new Attempted.Failed("answered 503", 0),
        new Attempted.Refused("answered 400"));
    cases.dispatcher(
        "Delivery.attempted", Attempted.class, each -> delivers(cases, (Attempted) each));
  }

  private static void delivers(Cases cases, Attempted result) throws Exception {
    CompletableFuture<DeliveryStatus> ended = new CompletableFuture<>();
    Context context = cases.vertx().getOrCreateContext();
    context.exceptionHandler(ended::completeExceptionally);
    context.runOnContext(
        turn ->
            new Delivery(
                    cases.vertx(),
                    "hook",
                    SETTINGS,
                    notice -> Future.succeededFuture(result),
                    new Backoff(1, 1),
                    (notice, channel, status) -> end(status, ended))
                .take(Alerts.notice(Alert.Kind.HOLD, "subject")));
    try {
      ended.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause());
    }
  }

  private static void end(DeliveryStatus status, CompletableFuture<DeliveryStatus> ended) {
    if (status == DeliveryStatus.DELIVERED || status == DeliveryStatus.FAILED) {
      ended.complete(status);
    }
  }
}
