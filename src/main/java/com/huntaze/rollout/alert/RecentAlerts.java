package com.huntaze.rollout.alert;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The latest alerts that were sent, and what has become of them on each channel. Bounded. */
final class RecentAlerts {
  private final int room;
  private final Map<String, Entry> byId = new LinkedHashMap<>();

  private record Entry(Notice notice, Map<String, DeliveryStatus> deliveries) {}

  RecentAlerts(int room) {
    this.room = room;
  }

  void add(Notice notice) {
    if (byId.size() >= room) {
      byId.remove(byId.keySet().iterator().next());
    }
    byId.put(notice.id(), new Entry(notice, new LinkedHashMap<>()));
  }

  /** Notes what has become of an alert on a channel, if it is still remembered. */
  void became(String id, String channel, DeliveryStatus status) {
    Entry entry = byId.get(id);
    if (entry != null) {
      entry.deliveries.put(channel, status);
    }
  }

  /** Newest first. */
  JsonArray json() {
    List<Entry> newestFirst = new ArrayList<>(byId.values());
    Collections.reverse(newestFirst);
    JsonArray all = new JsonArray();
    newestFirst.forEach(entry -> all.add(json(entry)));
    return all;
  }

  private static JsonObject json(Entry entry) {
    JsonObject deliveries = new JsonObject();
    entry.deliveries.forEach((channel, status) -> deliveries.put(channel, status.label()));
    return new JsonObject(entry.notice.alert().fields())
        .put("id", entry.notice.id())
        .put("suppressed", entry.notice.suppressed())
        .put("deliveries", deliveries);
  }
}
