package com.huntaze.rollout.admin;

import com.huntaze.rollout.admin.figures.SumsJson;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.Figure;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.quality.FeedbackBook;
import com.huntaze.rollout.quality.FeedbackSums;
import com.huntaze.rollout.quality.Subject;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * {@code GET /api/v1/feedback?by=provider|model|agent}: what callers think of the answers of both
 * providers, side by side; of all replicas, or with {@code scope=replica} of this one.
 */
final class FeedbackResource {
  private static final int SHOWN = 64;

  private final Bus bus;
  private final FeedbackBook book;

  FeedbackResource(Bus bus, FeedbackBook book) {
    this.bus = bus;
    this.book = book;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/feedback", this::get);
    bus.serve(FleetAddresses.FEEDBACK_HERE, this::here);
  }

  /** The sums of this replica, for another one. */
  private Future<JsonObject> here(Object body) {
    String by = ((JsonObject) body).getString("by", "");
    return Future.succeededFuture(SumsJson.write(own(Subject.of(by).orElseThrow())));
  }

  private FeedbackSums own(Subject by) {
    return book.all(by, System.currentTimeMillis());
  }

  private void get(RoutingContext context) {
    String by = context.request().getParam("by", Subject.PROVIDER.label());
    Optional<Subject> subject = Subject.of(by);
    if (subject.isPresent()) {
      get(context, subject.get());
    } else {
      String shown = by.length() > SHOWN ? by.substring(0, SHOWN) : by;
      Problem.send(
          context,
          400,
          "by: %s (expected: provider, model or agent)".formatted(shown.replaceAll("[^!-~]", "?")));
    }
  }

  private void get(RoutingContext context, Subject by) {
    try {
      JsonObject query = new JsonObject().put("by", by.label());
      Future<FleetFigures> others =
          FleetFigures.ownAlone(context.request().getParam("scope"))
              ? FleetFigures.own(bus)
              : FleetFigures.ask(bus, Figure.FEEDBACK, query);
      others.onSuccess(
          asked -> {
            FeedbackSums sum = asked.sum(own(by), SumsJson::read, FeedbackSums::plus);
            JsonAnswer.send(context, asked.tell(FeedbackJson.of(sum.summary(), by)));
          });
    } catch (IllegalArgumentException malformed) {
      Problem.send(context, 400, malformed.getMessage());
    }
  }
}
