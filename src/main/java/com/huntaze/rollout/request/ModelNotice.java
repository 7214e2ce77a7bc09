package com.huntaze.rollout.request;

import com.huntaze.rollout.outcome.Dialect;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.route.PlainPath;
import com.huntaze.rollout.upstream.UpstreamClient;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log, once a provider in a process, that a body was not kept, so that its model has
 * the client's name: the provider's 404 would look as if its names were wrong.
 */
final class ModelNotice {
  private static final Logger log = LoggerFactory.getLogger(ModelNotice.class);
  private static final Set<Provider> said = ConcurrentHashMap.newKeySet();

  private ModelNotice() {}

  /** A request's body goes to a provider as it comes. */
  static void of(HttpServerRequest request, UpstreamClient client) {
    Provider provider = client.provider();
    if (client.models().any()
        && !said.contains(provider)
        && Dialect.inference(PlainPath.of(request.path())) != null
        && said.add(provider)) {
      log.warn(
          "A body for {} was not kept (over server.replayBytes, or no memory was left): the model"
              + " that it names is not looked for, and keeps the client's name instead of that in"
              + " providers.{}.models. This is said once.",
          provider.label(),
          provider.label());
    }
  }
}
