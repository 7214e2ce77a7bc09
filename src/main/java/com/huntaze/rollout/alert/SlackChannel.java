package com.huntaze.rollout.alert;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
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
    String text =
        "[%s] %s: %s"
            .formatted(
                notice.alert().severity().label(),
                notice.alert().kind().label(),
                notice.sentence());
    return new JsonObject()
        .put("text", escaped(text))
        .put("mrkdwn", false)
        .put("parse", "none")
        .put("unfurl_links", false);
  }

  /** Slack's own three characters. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
