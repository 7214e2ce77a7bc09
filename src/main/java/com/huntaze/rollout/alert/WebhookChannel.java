package com.huntaze.rollout.alert;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Posts JSON in the form of the Standard Webhooks specification, signed if there is a secret. */
final class WebhookChannel implements AlertChannel {
  private final HttpPost post;
  private final WebhookSignature signature;

  WebhookChannel(Vertx vertx, ChannelSettings settings) {
    post = new HttpPost(vertx, settings.url());
    signature = settings.secret() == null ? null : new WebhookSignature(settings.secret());
  }

  @Override
  public void close() {
    post.close();
  }

  @Override
  public Future<Attempted> send(Notice notice) {
    Buffer body = body(notice).toBuffer();
    long seconds = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("webhook-id", notice.id());
    headers.put("webhook-timestamp", Long.toString(seconds));
    if (signature != null) {
      headers.put("webhook-signature", signature.of(notice.id(), seconds, body.getBytes()));
    }
    return post.post(headers, body);
  }

  static JsonObject body(Notice notice) {
    return new JsonObject()
        .put("type", "rollout.alert." + notice.alert().kind().label())
        .put("timestamp", Instant.ofEpochMilli(notice.alert().at()).toString())
        .put("data", new JsonObject(notice.fields()));
  }
}
