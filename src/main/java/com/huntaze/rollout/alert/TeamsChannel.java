package com.huntaze.rollout.alert;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * An Adaptive Card for a workflow of Microsoft Teams that waits for a webhook. All that somebody
 * else may have written is in text runs, in which nothing is Markdown.
 */
final class TeamsChannel implements AlertChannel {
  private static final String CARD = "application/vnd.microsoft.card.adaptive";

  private final HttpPost post;

  TeamsChannel(Vertx vertx, ChannelSettings settings) {
    post = new HttpPost(vertx, settings.url());
  }

  @Override
  public void close() {
    post.close();
  }

  @Override
  public Future<Attempted> send(Notice notice) {
    return post.post(Map.of(), body(notice).toBuffer());
  }

  static JsonObject body(Notice notice) {
    JsonArray blocks =
        new JsonArray()
            .add(text(run(notice.title()).put("weight", "Bolder").put("color", color(notice))))
            .add(text(run(notice.sentence())));
    notice
        .from()
        .next(notice.alert().kind())
        .ifPresent(next -> blocks.add(text(run("Next: " + next).put("fontType", "Monospace"))));
    if (!notice.from().text().isEmpty()) {
      blocks.add(text(run(notice.from().text()).put("isSubtle", true)));
    }
    JsonObject card =
        new JsonObject()
            .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
            .put("type", "AdaptiveCard")
            .put("version", "1.4")
            .put("body", blocks)
            .put("actions", actions(notice));
    return new JsonObject()
        .put("type", "message")
        .put(
            "attachments",
            new JsonArray().add(new JsonObject().put("contentType", CARD).put("content", card)));
  }

  private static String color(Notice notice) {
    return switch (notice.alert().severity()) {
      case CRITICAL -> "Attention";
      case WARNING -> "Warning";
      case INFO -> "Good";
    };
  }

  private static JsonObject run(String text) {
    return new JsonObject().put("type", "TextRun").put("text", text);
  }

  private static JsonObject text(JsonObject run) {
    return new JsonObject().put("type", "RichTextBlock").put("inlines", new JsonArray().add(run));
  }

  private static JsonArray actions(Notice notice) {
    JsonArray actions = new JsonArray();
    AlertLinks links = notice.from().links();
    add(actions, "Dashboard", links.dashboard());
    add(actions, "Runbook", links.runbook(notice.alert().kind().label()));
    return actions;
  }

  private static void add(JsonArray actions, String title, String url) {
    if (url != null) {
      actions.add(
          new JsonObject().put("type", "Action.OpenUrl").put("title", title).put("url", url));
    }
  }
}
