package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.history.HistoryAddresses;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /api/v1/history}: the figures of a span of time, as at most 500 points, as those that led
 * have kept them.
 */
final class HistoryResource {
  private static final long SOON_MILLIS = 20_000;
  private static final int REFUSED = 400;
  private static final int LONGEST_NUMBER = 4;

  private final Bus bus;

  HistoryResource(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/history", this::get);
  }

  private void get(RoutingContext context) {
    JsonObject asked = new JsonObject();
    for (String field : new String[] {"from", "to", "points", "scope"}) {
      String told = context.request().getParam(field);
      if (told != null) {
        asked.put(field, field.equals("points") ? number(told) : told);
      }
    }
    bus.<JsonObject>ask(HistoryAddresses.GET, asked, SOON_MILLIS)
        .onComplete(body -> JsonAnswer.send(context, body), failure -> refuse(context, failure));
  }

  private static Object number(String told) {
    return told.length() <= LONGEST_NUMBER && told.matches("[0-9]+") ? Integer.valueOf(told) : told;
  }

  private static void refuse(RoutingContext context, Throwable failure) {
    boolean refused =
        failure instanceof ReplyException reply
            && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
            && reply.failureCode() == REFUSED;
    if (refused) {
      Problem.send(context, REFUSED, failure.getMessage());
    } else {
      Problem.send(context, 503, "the history cannot be read now; the log may say why");
    }
  }
}
