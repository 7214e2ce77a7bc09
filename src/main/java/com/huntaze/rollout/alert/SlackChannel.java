package com.huntaze.rollout.alert;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Posts to an incoming webhook of Slack. The text is text: nobody can mention a channel or plant a
 * link with a model's name.
 */
final class SlackChannel implements AlertChannel {
  private final HttpPost post;

  SlackChannel(Vertx vertx, ChannelSettings settings) {
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
    return new JsonObject()
        .put("text", escaped(notice.title() + ": " + notice.sentence()))
        .put("blocks", blocks(notice))
        .put("mrkdwn", false)
        .put("parse", "none")
        .put("unfurl_links", false);
  }

  /** Text of others is plain text; of Slack's own markup is the line that is ours. */
  private static JsonArray blocks(Notice notice) {
    JsonArray blocks =
        new JsonArray()
            .add(block("header", plain(notice.title())))
            .add(block("section", plain(notice.sentence())));
    List<String> below = new ArrayList<>();
    AlertOrigin from = notice.from();
    from.next(notice.alert().kind()).ifPresent(next -> below.add("*Next:* " + escaped(next)));
    if (!from.text().isEmpty()) {
      below.add(escaped(from.text()));
    }
    if (from.links().dashboard() != null) {
      below.add("<%s|Dashboard>".formatted(escaped(from.links().dashboard())));
    }
    String runbook = from.links().runbook(notice.alert().kind().label());
    if (runbook != null) {
      below.add("<%s|Runbook>".formatted(escaped(runbook)));
    }
    if (!below.isEmpty()) {
      JsonObject line =
          new JsonObject()
              .put("type", "mrkdwn")
              .put("verbatim", true)
              .put("text", String.join("  ·  ", below));
      blocks.add(
          new JsonObject().put("type", "context").put("elements", new JsonArray().add(line)));
    }
    return blocks;
  }

  private static JsonObject block(String type, JsonObject text) {
    return new JsonObject().put("type", type).put("text", text);
  }

  private static JsonObject plain(String text) {
    return new JsonObject().put("type", "plain_text").put("text", text).put("emoji", false);
  }

  /** Slack's own three characters. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
