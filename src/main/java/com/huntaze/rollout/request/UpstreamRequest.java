package com.huntaze.rollout.request;

import com.huntaze.rollout.admission.ApiKeySettings;
import com.huntaze.rollout.admission.ApiKeys;
import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.exchange.ExchangeTerms;
import com.huntaze.rollout.http.Forwarding;
import com.huntaze.rollout.http.HeaderNames;
import com.huntaze.rollout.http.HeaderRules;
import com.huntaze.rollout.http.OwnOptions;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.route.Replay;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import com.huntaze.rollout.upstream.Credentials;
import com.huntaze.rollout.upstream.UpstreamClient;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * A client's request, ready to be written to a provider: its head by our rules, and its body as it
 * is here.
 *
 * @param key the client's key if we know it: then it is ours alone, and no provider gets it
 * @param startMillis when the request began, {@link Monotonic#millis}
 * @param credentials what of the client's own each provider gets
 * @param identityEncoding whether compressed answers are declined where they are read: they can
 *     neither be judged, nor their usage and the ids in them be read
 */
public record UpstreamRequest(
    HttpServerRequest request,
    RequestBody body,
    RequestInfo identity,
    ApiKeySettings key,
    ProviderChoice chosen,
    long startMillis,
    Forwarding forwarding,
    Credentials credentials,
    boolean identityEncoding) {

  /**
   * The facts that its attempts keep to.
   *
   * @param failover whether the providers may answer for each other at all
   */
  public ExchangeTerms terms(boolean failover) {
    boolean fallbackAllowed =
        failover
            && chosen.provider() == Provider.FOUNDRY
            && chosen.reason() != Reason.OVERRIDE
            // Another provider's 404 would tell the caller that the object does not exist.
            && !isBound()
            // And its list that all others are gone.
            && !asksForAList();
    return new ExchangeTerms(
        chosen,
        fallbackAllowed,
        identity.route().replay() == Replay.SAFE,
        eitherMayHaveIt(),
        identity.object() != null && identity.object().inBody(),
        identity.shapesErrors(),
        RetryCount.tells(request.headers()));
  }

  /** Tells whether it asks which objects a provider keeps. */
  private boolean asksForAList() {
    HttpMethod method = request.method();
    return identity.place() != null
        && identity.place().id() == null
        && (method == HttpMethod.GET || method == HttpMethod.HEAD);
  }

  /** Returns whether it may be answered by a model, which costs money. */
  public boolean billed() {
    return request.method() == HttpMethod.POST;
  }

  /** Returns the caller, for the books. */
  public Caller caller() {
    return new Caller(
        key == null ? null : key.id(),
        identity.tier(),
        identity.agent() == null ? null : identity.agent().name());
  }

  /** Tells whether the client asks for a stream, and not for its usage, which we could ask for. */
  public boolean usageUnasked() {
    return identity.usageRequest() != null;
  }

  /**
   * Tells whether a stream's usage was not asked for by its client: it has not, or its dialect
   * knows of no such wish. Of a body that could not be read it is not known.
   */
  public boolean usageNotAskedByClient() {
    return usageUnasked() || !UsageRequest.isFor(request.path());
  }

  /** The model that it asks for; without one the path, which names Azure's deployments. */
  public String model() {
    return identity.model() == null ? request.path() : identity.model();
  }

  /** Tells whether the router's own answer is asked for, by itself or through an agent. */
  public boolean isOfTheRouter() {
    String path = request.path();
    return identity.shapesErrors() || path != null && path.endsWith("/route");
  }

  /** Tells whether its answer may tell of objects that one provider alone has. */
  public boolean tellsObjects() {
    return identity.place() != null;
  }

  /** Tells whether either provider may have what it is about. */
  private boolean eitherMayHaveIt() {
    return identity.object() != null
        && !identity.object().isBound()
        && chosen.provider() == Provider.FOUNDRY
        && chosen.reason() == Reason.MODE;
  }

  /** Tells whether it is known who has what it is about: nobody else can answer. */
  private boolean isBound() {
    return identity.object() != null && identity.object().isBound();
  }

  /** The request target as a provider gets it, in origin form. */
  public String target(UpstreamClient client) {
    return credentials.target(
        identity.target(client.provider()), client.provider(), client.ownCredentials(), ourKey());
  }

  /** The key of ours that it presents; {@code null} = none. */
  private String ourKey() {
    return key == null ? null : ApiKeys.admitted(request.headers());
  }

  /** Tells whether a provider did not get a key that the client sent, and none of ours either. */
  public boolean keyKeptBack(UpstreamClient client) {
    return credentials.keptBack(
        request.headers(), identity.target(), client.provider(), client.ownCredentials(), ourKey());
  }

  /**
   * Writes it, in one go if the body is here whole.
   *
   * @param trace what the attempt has to do with a trace, {@code null} = nothing
   * @param asksUsage whether a stream is asked for its usage
   */
  public void write(
      HttpClientRequest to, UpstreamClient client, AttemptTrace trace, boolean asksUsage) {
    MultiMap headers = to.headers();
    HeaderRules.copyRequest(
        request.headers(),
        headers,
        credentials.withheld(client.provider(), client.ownCredentials(), ourKey()));
    forwarding.apply(request, headers);
    headers.set(HeaderNames.CORRELATION_ID, identity.correlationId());
    OwnOptions.countDown(request.method(), headers);
    if (identityEncoding && identity.answerIsRead()) {
      headers.set(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
    }
    if (trace != null) {
      trace.propagate(headers);
    }
    client.applyHeaders(headers);
    long declared = RequestBody.declaredLength(request);
    if (body.replayable()) {
      writeWhole(to, client, declared, asksUsage);
    } else {
      ModelNotice.of(request, client);
      stream(to, declared);
    }
  }

  private void writeWhole(
      HttpClientRequest to, UpstreamClient client, long declared, boolean asksUsage) {
    Buffer whole = identity.rewrite(body.whole(), client.provider(), asksUsage, client.models());
    if (whole.length() == 0 && declared != 0) {
      to.end();
    } else {
      to.end(whole);
    }
  }

  private void stream(HttpClientRequest to, long declared) {
    if (declared >= 0) {
      to.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(declared));
    } else {
      to.setChunked(true);
    }
    body.streamTo(to);
  }
}
