package com.huntaze.rollout.request;

import com.huntaze.rollout.admission.ApiKeySettings;
import com.huntaze.rollout.admission.Refusal;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.http.HeaderNames;
import com.huntaze.rollout.http.TargetRules;
import com.huntaze.rollout.outcome.Dialect;
import com.huntaze.rollout.provider.Agent;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.provider.RequestType;
import com.huntaze.rollout.route.PlainPath;
import com.huntaze.rollout.route.Route;
import com.huntaze.rollout.route.StatePath;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.traffic.UserKey;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds out who asks for what, from the head and, when it is here whole, the JSON body. */
public final class RequestClassifier {
  private static final String AGENTS = "/v1/agents/";

  private static final String TIER = "client_tier";
  static final String MODEL = "model";
  private static final List<String> MODEL_ALONE = List.of(MODEL);
  private static final List<String> MODEL_AND_TIER = List.of(MODEL, TIER);

  /** A response of OpenAI's and Azure's that is made as a job, and asked for later. */
  static final String BACKGROUND = "background";

  private static final String RESPONSES = "/responses";
  private static final Pattern TIER_NAME = Pattern.compile(Forms.WORD);

  private final Routing routing;
  private final ObjectMakers objects;
  private final HttpServerRequest request;
  private final ApiKeySettings key;

  /**
   * @param key the client's key, {@code null} = none that is known
   */
  public RequestClassifier(
      Routing routing, ObjectMakers objects, HttpServerRequest request, ApiKeySettings key) {
    this.routing = routing;
    this.objects = objects;
    this.request = request;
    this.key = key;
  }

  /**
   * The facts about a request whose body has been read as far as it is kept.
   *
   * @throws Refusal if it cannot be sent to anybody
   */
  public RequestInfo identify(String correlationId, RequestBody body) throws Refusal {
    String path = PlainPath.of(request.path());
    Route listed = routing.routes().find(request.method().name(), path);
    StatePath place = StatePath.of(path);
    String keyHeader = UserKey.normalise(utf8(request.getHeader(HeaderNames.USER_ID)));
    String told = key == null ? tier(request.getHeader(HeaderNames.CLIENT_TIER)) : key.tier();
    BodyPeek.Told inBody = read(body, keyHeader == null, told == null, place);
    Map<String, String> fields = inBody.fields();
    ObjectReference object = objects.find(place, inBody.objects());
    Route route = object == null ? listed : listed.bound(request.method().name());
    if (makesAJob(fields.get(BACKGROUND))) {
      route = route.once();
    }
    String userKey = keyHeader == null ? userKeyIn(fields) : keyHeader;
    String tier = told == null ? tier(fields.get(TIER)) : told;
    String model = fields.get(MODEL);
    checkMethod(path);
    String type = requestType(path);
    if (type != null && request.method() == HttpMethod.POST) {
      Agent agent = agentOf(type);
      return new RequestInfo(
          correlationId,
          route,
          userKey,
          override(),
          agent,
          withQuery(agent.foundry().path()),
          hinted(body),
          null,
          tier,
          model,
          inBody.model(),
          null,
          null);
    }
    Agent agent = agentOrNull(request.getHeader(HeaderNames.REQUEST_TYPE));
    String target = TargetRules.originForm(request);
    RequestInfo identity =
        new RequestInfo(
            correlationId,
            route,
            userKey,
            override(),
            agent,
            target,
            false,
            inBody.usageRequest(),
            tier,
            model,
            inBody.model(),
            place,
            lookedFor(object, body));
    InferenceNotice.of(request, identity, fields);
    return identity;
  }

  /**
   * The object that decides who is asked; {@code null} = the split does. A body that is not here
   * cannot be sent to a second provider, and where nobody knows who has the object the split, which
   * has chosen its maker, is the likeliest to be right.
   */
  private static ObjectReference lookedFor(ObjectReference object, RequestBody body) {
    boolean once = object != null && !object.isBound() && !body.complete();
    return once ? null : object;
  }

  /**
   * The request type that stands in an agent's path, which may be none; {@code null} = it is
   * another path. Without the slash behind {@code agents} it may be a provider's own.
   */
  private String requestType(String path) {
    if (path.startsWith(AGENTS)) {
      return path.substring(AGENTS.length());
    }
    return AGENTS.equals(request.path()) ? "" : null;
  }

  /** An agent is asked with {@code POST}; {@code OPTIONS} passes, for browsers ask the provider. */
  private void checkMethod(String path) throws Refusal {
    HttpMethod method = request.method();
    boolean asks = method == HttpMethod.POST || method == HttpMethod.OPTIONS;
    String type = requestType(path);
    if (!asks && type != null && RequestType.isName(type)) {
      throw Refusal.methodNotAllowed("POST, OPTIONS");
    }
  }

  private boolean hinted(RequestBody body) throws Refusal {
    if (!body.complete() && !body.isLarge()) {
      throw new Refusal(ErrorCode.OVERLOADED, "the proxy has as many bodies as it may");
    }
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

  /** A text or a number is a lenient provider's {@code true}, too. */
  private static boolean makesAJob(String background) {
    return "true".equalsIgnoreCase(background) || "1".equals(background);
  }

  private Provider override() {
    String wanted = request.getHeader(HeaderNames.PROVIDER);
    if (Provider.FOUNDRY.label().equals(wanted)) {
      return Provider.FOUNDRY;
    }
    return Provider.LEGACY.label().equals(wanted) ? Provider.LEGACY : null;
  }

  /** Reads the useful fields of the body, in one pass: only those are looked for. */
  private BodyPeek.Told read(
      RequestBody body, boolean keyWanted, boolean tierWanted, StatePath place) {
    if (!body.complete() || request.method() != HttpMethod.POST) {
      return BodyPeek.Told.NOTHING;
    }
    if (!isJson()) {
      String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
      return FormModel.isForm(type) ? FormModel.read(body.whole(), type) : BodyPeek.Told.NOTHING;
    }
    boolean background = RESPONSES.equals(Dialect.inference(PlainPath.of(request.path())));
    boolean key = keyWanted && routing.mode() == ProviderMode.CANARY;
    List<String> wanted = wanted(background, tierWanted, key);
    boolean asks = routing.readsStreamOptions() && UsageRequest.isFor(request.path());
    boolean names = place != null || Dialect.namesObjects(PlainPath.of(request.path()));
    return BodyPeek.read(body.whole(), wanted, asks, names);
  }

  private List<String> wanted(boolean background, boolean tier, boolean key) {
    if (!background && !key) {
      return tier ? MODEL_AND_TIER : MODEL_ALONE;
    }
    List<String> wanted = new ArrayList<>(3 + (key ? routing.userKeyFields().size() : 0));
    wanted.add(MODEL);
    if (background) {
      wanted.add(BACKGROUND);
    }
    if (tier) {
      wanted.add(TIER);
    }
    if (key) {
      wanted.addAll(routing.userKeyFields());
    }
    return wanted;
  }

  /** A tier's name that can stand in logs and figures; {@code null} if it cannot. */
  private static String tier(String told) {
    return told != null && TIER_NAME.matcher(told).matches() ? told : null;
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

  private String userKeyIn(Map<String, String> fields) {
    List<String> names = routing.userKeyFields();
    for (int i = 0; i < names.size(); i++) {
      String key = UserKey.normalise(fields.get(names.get(i)));
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
