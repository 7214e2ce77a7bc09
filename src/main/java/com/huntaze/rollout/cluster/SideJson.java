package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.fleet.SideEvidence;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;

/** The findings of a side's judge as the body of a frame, and back. */
final class SideJson {
  private static final int MOST_PROCESSES = 256;
  private static final int MOST_ID = 128;

  private SideJson() {}

  /**
   * @param id of this meeting: what it tells is taken once
   */
  static JsonObject write(String id, SideEvidence evidence) {
    return new JsonObject()
        .put("id", id)
        .put("share", evidence.share())
        .put("found", new JsonObject(evidence.knowledge()))
        .put("rows", new ArrayList<Object>(evidence.rows().stream().map(RowsJson::write).toList()));
  }

  /**
   * The id of a meeting.
   *
   * @throws IllegalArgumentException if it has none
   */
  static String id(JsonObject body) {
    String id = body.getString("id");
    if (id == null || id.isEmpty() || id.length() > MOST_ID) {
      throw new IllegalArgumentException("id: missing, or over " + MOST_ID + " characters");
    }
    return id;
  }

  /**
   * The findings that came.
   *
   * @throws IllegalArgumentException if they are none
   */
  static SideEvidence read(JsonObject body) {
    try {
      return new SideEvidence(
          body.getDouble("share"),
          body.getJsonObject("found").getMap(),
          RowsJson.list(body, "rows", MOST_PROCESSES, each -> RowsJson.read((JsonObject) each)));
    } catch (ClassCastException | NullPointerException strange) {
      throw new IllegalArgumentException("side: a member is missing, or of another kind", strange);
    }
  }
}
