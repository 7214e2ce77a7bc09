package com.huntaze.rollout.request;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log, once for a path, that a request looks like one to a model but came on a path
 * that nobody has listed: it is neither judged nor repeated, and its owner would never know.
 */
final class InferenceNotice {
  private static final Logger log = LoggerFactory.getLogger(InferenceNotice.class);

  /** Paths may have ids in them, and clients may invent some. */
  private static final int MOST_PATHS = 20;

  private static final int MOST_LENGTH = 200;
  private static final Set<String> said = ConcurrentHashMap.newKeySet();

  private InferenceNotice() {}

  /**
   * @param fields those of the body's fields that were looked for and found
   */
  static void of(HttpServerRequest request, RequestInfo identity, Map<String, String> fields) {
    boolean looks =
        identity.route().isUnlisted()
            // A request that makes an object must not be repeated, whatever model it names.
            && identity.place() == null
            && request.method() == HttpMethod.POST
            && fields.containsKey(RequestClassifier.MODEL);
    String path = looks ? request.path() : null;
    boolean fits = looks && path.length() <= MOST_LENGTH && said.size() < MOST_PATHS;
    if (fits && said.add(path)) {
      log.warn(
          "POST {} names a model, and no route is known for it: it is not judged, not repeated,"
              + " and legacy does not step in once it was sent. If it asks a model, add to routes:"
              + " {\"match\": \"POST {}\", \"replay\": \"safe\", \"judged\": true}. This is said"
              + " once.",
          path,
          path);
    }
  }
}
