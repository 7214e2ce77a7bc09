package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.provider.Agent;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.provider.RequestType;
import com.huntaze.rollout.traffic.UserKey;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Finds out who asks for what, from the head and, when it is here whole, the JSON body. */
final class Identifier {
  private static final String AGENTS = "/v1/agents/";

  private final Routing routing;
  private final HttpServerRequest request;

  Identifier(Routing routing, HttpServerRequest request) {
    this.routing = routing;
    this.request = request;
  }

  Identity identify(String correlationId, RequestBody body) throws Refusal {
    String path = request.path();
    RouteTable.Route route = routing.routes().find(request.method().name(), path);
    String userKey = userKey(body);
    if (path.startsWith(AGENTS) && request.method() == HttpMethod.POST) {
      Agent agent = agentOf(path.substring(AGENTS.length()));
      return new Identity(
          correlationId, route, userKey, override(), agent, withQuery(agent.path()), hinted(body));
    }
    Agent agent = agentOrNull(request.getHeader(HeaderNames.REQUEST_TYPE));
    String target = TargetRules.originForm(request);
    return new Identity(correlationId, route, userKey, override(), agent, target, false);
  }

  private boolean hinted(RequestBody body) throws Refusal {
    if (!body.complete()) {
      throw new Refusal(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "body: too large for an agent (expected: at most server.replayBytes)");
    }
    if (!TypeHint.accepts(body.whole())) {
      throw new Refusal(
          ErrorCode.BAD_REQUEST, "body: not a JSON object (expected: {\"prompt\": …})");
    }
    return true;
  }

  private Provider override() {
    String wanted = request.getHeader(HeaderNames.PROVIDER);
    if (Provider.FOUNDRY.label().equals(wanted)) {
      return Provider.FOUNDRY;
    }
    return Provider.LEGACY.label().equals(wanted) ? Provider.LEGACY : null;
  }

  private String userKey(RequestBody body) {
    String header = UserKey.normalise(utf8(request.getHeader(HeaderNames.USER_ID)));
    // Only the split needs the key so far, and it is the costliest thing to look for.
    if (header != null || routing.mode() != ProviderMode.CANARY || !body.complete()) {
      return header;
    }
    return isJson() ? userKeyIn(body) : null;
  }

  /** A header's bytes come as one character each; a key is UTF-8, as it is in a body. */
  private static String utf8(String header) {
    if (header == null || isAscii(header)) {
      return header;
    }
    String text = new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0 ? text : header;
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private String userKeyIn(RequestBody body) {
    Map<String, String> fields = BodyPeek.fields(body.whole(), routing.userKeyFields());
    for (String field : routing.userKeyFields()) {
      String key = UserKey.normalise(fields.get(field));
      if (key != null) {
        return key;
      }
    }
    return null;
  }

  private boolean isJson() {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).contains("json");
  }

  private Agent agentOf(String type) throws Refusal {
    Agent agent = agentOrNull(type);
    if (agent == null) {
      throw new Refusal(ErrorCode.NOT_FOUND, "request type: unknown (expected: a configured one)");
    }
    return agent;
  }

  private Agent agentOrNull(String type) {
    return RequestType.isName(type)
        ? routing.agents().agent(new RequestType(type)).orElse(null)
        : null;
  }

  private String withQuery(String path) {
    String query = request.query();
    return query == null ? path : path + "?" + query;
  }
}
