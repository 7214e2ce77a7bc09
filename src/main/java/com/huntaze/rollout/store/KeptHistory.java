package com.huntaze.rollout.store;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.Figure;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.history.HistoryPoints;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * The history of a span of time, as one replica or several have kept it.
 *
 * @param points they grow when more is added
 * @param damaged lines that could not be read
 */
record KeptHistory(HistoryRequest asked, HistoryPoints points, long damaged) {
  /** Nothing yet. */
  static KeptHistory none(HistoryRequest asked) {
    HistoryPoints points = new HistoryPoints(asked.from(), asked.to(), asked.points());
    return new KeptHistory(asked, points, 0);
  }

  /**
   * The answer with what all have kept, or, by request, this replica.
   *
   * @param shared whether all keep it in one directory, so that nobody has to be asked
   */
  static Future<JsonObject> told(
      Bus bus, HistoryRequest asked, Future<KeptHistory> own, boolean shared) {
    Future<FleetFigures> others =
        shared || asked.ownAlone()
            ? FleetFigures.own(bus)
            : FleetFigures.ask(bus, Figure.HISTORY, asked.query());
    return Future.all(own, others)
        .map(both -> own.result().told(others.result(), asked.ownAlone() && !shared));
  }

  private JsonObject told(FleetFigures others, boolean ownAlone) {
    JsonObject answer =
        HistoryJson.answer(
            others.sum(this, told -> HistoryJson.readOfOthers(asked, told), KeptHistory::plus));
    return ownAlone ? others.tell(answer) : others.tellKept(answer);
  }

  /** With what another one has kept; of a moment there is one leader's row. */
  KeptHistory plus(KeptHistory other) {
    return new KeptHistory(asked, points.plus(other.points), damaged + other.damaged);
  }
}
