package com.huntaze.rollout.store;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Epoch;
import com.huntaze.rollout.canary.Phase;
import com.huntaze.rollout.canary.Position;
import com.huntaze.rollout.canary.RollbackRecord;
import com.huntaze.rollout.canary.Saved;
import com.huntaze.rollout.canary.Transition;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The bodies of the state file and of markers. What is read has been sealed by us. */
final class SavedJson {
  private SavedJson() {}

  /** A state and the term of the leader that wrote it. */
  record Written(Saved saved, long term) {}

  static String write(Saved saved, long term) {
    JsonArray history = new JsonArray();
    saved.history().forEach(transition -> history.add(transition(transition)));
    return new JsonObject()
        .put("term", term)
        .put("snapshot", snapshot(saved.snapshot()))
        .put("healthyMillis", saved.healthyMillis())
        .put("configured", saved.configured().isPresent() ? saved.configured().getAsInt() : null)
        .put("judge", new JsonObject(saved.judge()))
        .put("history", history)
        .encodePrettily();
  }

  static Written read(String body) throws DamagedException {
    try {
      JsonObject json = new JsonObject(body);
      List<Transition> history = new ArrayList<>();
      json.getJsonArray("history").forEach(each -> history.add(transition((JsonObject) each)));
      Integer configured = json.getInteger("configured");
      Saved saved =
          new Saved(
              snapshot(json.getJsonObject("snapshot")),
              json.getLong("healthyMillis"),
              configured == null ? OptionalInt.empty() : OptionalInt.of(configured),
              json.getJsonObject("judge").getMap(),
              history);
      return new Written(saved, json.getLong("term"));
    } catch (DecodeException | ClassCastException | NullPointerException strange) {
      throw new DamagedException("it is whole, but not a state of this version: " + strange);
    }
  }

  static String writeMarker(Transition rollback) {
    return transition(rollback).encodePrettily();
  }

  static Transition readMarker(String body) throws DamagedException {
    try {
      return transition(new JsonObject(body));
    } catch (DecodeException | ClassCastException | NullPointerException strange) {
      throw new DamagedException("it is whole, but not a marker of this version: " + strange);
    }
  }

  private static JsonObject transition(Transition transition) {
    return new JsonObject()
        .put("action", transition.name())
        .put("actor", transition.actor())
        .put("reason", transition.reason())
        .put("at", transition.at())
        .put("before", snapshot(transition.before()))
        .put("after", snapshot(transition.after()))
        .put("evidence", new JsonObject(transition.evidence()));
  }

  private static Transition transition(JsonObject json) {
    return new Transition(
        Transition.Action.of(json.getString("action")),
        snapshot(json.getJsonObject("before")),
        snapshot(json.getJsonObject("after")),
        json.getString("actor"),
        json.getString("reason"),
        json.getLong("at"),
        json.getJsonObject("evidence").getMap());
  }

  private static JsonObject snapshot(CanarySnapshot snapshot) {
    return new JsonObject()
        .put("epoch", snapshot.epoch().number())
        .put("creator", snapshot.epoch().creatorId())
        .put("rollback", snapshot.rollback() == null ? null : rollback(snapshot.rollback()))
        .put("position", position(snapshot.position()));
  }

  private static CanarySnapshot snapshot(JsonObject json) {
    JsonObject rollback = json.getJsonObject("rollback");
    return new CanarySnapshot(
        new Epoch(json.getLong("epoch"), json.getString("creator")),
        rollback == null ? null : rollback(rollback),
        position(json.getJsonObject("position")));
  }

  private static JsonObject rollback(RollbackRecord rollback) {
    return new JsonObject()
        .put("seq", rollback.seq())
        .put("replica", rollback.replicaId())
        .put("at", rollback.at())
        .put("fromPercentage", rollback.fromPercentage())
        .put("actor", rollback.actor())
        .put("reason", rollback.reason());
  }

  private static RollbackRecord rollback(JsonObject json) {
    return new RollbackRecord(
        json.getLong("seq"),
        json.getString("replica"),
        json.getLong("at"),
        json.getInteger("fromPercentage"),
        json.getString("actor"),
        json.getString("reason"));
  }

  private static JsonObject position(Position position) {
    return new JsonObject()
        .put("term", position.term())
        .put("seq", position.seq())
        .put("phase", position.phase().name())
        .put("stage", position.stage())
        .put("percentage", position.percentage())
        .put("paused", position.paused())
        .put("manual", position.manual())
        .put("since", position.since());
  }

  private static Position position(JsonObject json) {
    return new Position(
        json.getLong("term"),
        json.getLong("seq"),
        new Phase(json.getString("phase")),
        json.getInteger("stage"),
        json.getInteger("percentage"),
        json.getBoolean("paused"),
        json.getBoolean("manual"),
        json.getLong("since"));
  }
}
