package com.huntaze.rollout.config;

import io.vertx.config.spi.ConfigProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * Hands a file's text through vertx-config as it is. The processor that comes with vertx-config
 * takes comments and the last of duplicate keys; this one refuses them, so that a scan of a broken
 * file fails and the running configuration stays. Public for the service loader only.
 */
public final class StrictJsonProcessor implements ConfigProcessor {
  static final String FORMAT = "rollout-json";

  /** The key of the store's configuration that names the file in problems. */
  static final String NAME = "name";

  /** The key of the result that holds the text. */
  static final String TEXT = "text";

  /** For the service loader. */
  public StrictJsonProcessor() {}

  @Override
  public String name() {
    return FORMAT;
  }

  @Override
  public Future<JsonObject> process(Vertx vertx, JsonObject configuration, Buffer input) {
    String name = configuration.getString(NAME, "document");
    try {
      String text = StrictJson.decode(name, input.getBytes());
      StrictJson.parse(name, text);
      return Future.succeededFuture(new JsonObject().put(TEXT, text));
    } catch (ConfigException e) {
      return Future.failedFuture(e);
    }
  }
}
