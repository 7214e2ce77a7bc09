package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.proxy.ProxyMeters.Ending;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;

/**
 * One request's life: admit, read the body, identify, choose a provider, attempt, relay, settle.
 *
 * <p>Everything happens on the event loop of the client's connection, so there are no locks: {@code
 * over} is set by whichever ending comes first, and all the others then do nothing. Whoever ends
 * the exchange also ends the upstream: a client that hangs up stops the model at once, in every
 * phase.
 */
final class Exchange implements RequestBody.Listener, ResponseRelay.Listener {
  private final Resources resources;
  private final ClientConnection client;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final String correlationId;
  private final RequestBody body;
  private final long startNanos = System.nanoTime();
  private ApiKeySettings key;
  private Identity identity;
  private ProviderChoice choice;
  private HttpClientRequest upstream;
  private ResponseRelay relay;
  private boolean over;

  Exchange(Resources resources, ClientConnection client, HttpServerRequest request) {
    this.resources = resources;
    this.client = client;
    this.request = request;
    this.response = request.response();
    this.correlationId = CorrelationId.of(request.headers());
    this.body =
        new RequestBody(
            request, resources.server().replayBytes(), resources.server().maxBodyBytes(), this);
  }

  void begin() {
    client.began(this);
    request.exceptionHandler(this::clientFailed);
    response.exceptionHandler(cause -> clientGone());
    response.closeHandler(closed -> clientGone());
    try {
      key = resources.admission().admit(request, client, resources.meters().enter());
    } catch (Refusal refusal) {
      refuse(refusal);
      return;
    }
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      response.writeContinue();
    }
    body.read();
  }

  /** A body that cannot be decoded is the client's fault, and the client can still be told. */
  void clientFailed(Throwable cause) {
    if (cause instanceof HttpClosedException || cause instanceof IOException || over) {
      clientGone();
    } else if (response.headWritten()) {
      abort();
    } else {
      refuse(Refusal.malformed("body: malformed (expected: chunks as RFC 9112 has them)"));
    }
  }

  @Override
  public void bodyTooLarge() {
    if (over) {
      return;
    }
    String message =
        "body: over %d bytes (expected: at most server.maxBodyBytes)"
            .formatted(resources.server().maxBodyBytes());
    if (response.headWritten()) {
      abort();
    } else {
      refuse(new Refusal(ErrorCode.PAYLOAD_TOO_LARGE, message));
    }
  }

  @Override
  public void bodyReady() {
    if (over) {
      return;
    }
    try {
      identity = new Identifier(resources.routing(), request).identify(correlationId, body);
    } catch (Refusal refusal) {
      refuse(refusal);
      return;
    }
    choice = choose();
    resources
        .upstreams()
        .get(choice.provider())
        .acquire(request.method(), identity.target())
        .onComplete(this::send, this::failed);
  }

  private ProviderChoice choose() {
    Routing routing = resources.routing();
    RouteTable.Route route = identity.route();
    if (key != null && key.mayOverride() && identity.override() != null) {
      return new ProviderChoice(identity.override(), Reason.OVERRIDE);
    }
    if (route.health() && routing.mode() != ProviderMode.LEGACY) {
      return new ProviderChoice(Provider.FOUNDRY, Reason.MODE);
    }
    return route.judged()
        ? resources.selector().choose(routing.mode(), identity.userKey())
        : resources.selector().chooseUnjudged(routing.mode(), identity.userKey());
  }

  private void send(HttpClientRequest acquired) {
    if (over) {
      // The client left while the connection was being acquired; nothing was sent on it.
      acquired.exceptionHandler(ignored -> {});
      acquired.reset();
      return;
    }
    upstream = acquired;
    upstream.exceptionHandler(this::failed);
    upstream.response().onComplete(this::answered, this::failed);
    UpstreamClient client = resources.upstreams().get(choice.provider());
    MultiMap headers = upstream.headers();
    // A key that we know is ours alone; one that we do not know may be the provider's.
    boolean credentials = key == null && client.passesClientCredentials();
    HeaderRules.copyRequest(request.headers(), headers, credentials);
    resources.forwarding().apply(request, headers);
    headers.set(HeaderNames.CORRELATION_ID, correlationId);
    client.applyHeaders(headers);
    sendBody(headers);
  }

  private void sendBody(MultiMap headers) {
    long declared = RequestBody.declaredLength(request);
    if (!body.complete()) {
      if (declared >= 0) {
        headers.set(HttpHeaders.CONTENT_LENGTH, Long.toString(declared));
      } else {
        upstream.setChunked(true);
      }
      body.streamTo(upstream);
      return;
    }
    Buffer whole = identity.rewrite(body.whole());
    if (whole.length() == 0 && declared != 0) {
      upstream.end();
    } else {
      upstream.end(whole);
    }
  }

  private void answered(HttpClientResponse answer) {
    int status = answer.statusCode();
    if (over) {
      answer.exceptionHandler(ignored -> {});
      return;
    }
    if (status < 200) {
      answer.exceptionHandler(ignored -> {});
      // An interim answer that the client took for the final one. The real one will still come, and
      // would be handed to the next request on this connection: so the connection must go.
      upstream.connection().close();
      failed(new UnexpectedInterim(status));
      return;
    }
    relay = new ResponseRelay(request, answer, resources.server().holdJsonBytes(), this);
    relay.start(choice, correlationId);
  }

  @Override
  public void relayed() {
    if (settle(Ending.COMPLETE)) {
      closeUnlessRead();
    }
  }

  @Override
  public void truncated(Throwable cause) {
    failed(cause);
  }

  /** The upstream is lost. Before the client's head is written the client can still be told. */
  private void failed(Throwable cause) {
    if (!settle(Ending.UPSTREAM_FAILED)) {
      return;
    }
    stopUpstream();
    if (response.headWritten()) {
      // Ending it cleanly would make the client take a part for the whole.
      response.reset();
    } else {
      UpstreamFault fault = UpstreamFault.of(cause, choice.provider());
      ErrorResponder.send(response, fault.code(), fault.message(), correlationId);
      closeUnlessRead();
    }
  }

  private void refuse(Refusal refusal) {
    if (!settle(Ending.REFUSED)) {
      return;
    }
    stopUpstream();
    ErrorResponder.send(
        response, refusal.code(), refusal.getMessage(), correlationId, refusal.headers());
    if (refusal.closes()) {
      Lingering.close(resources.vertx(), request);
    } else {
      closeUnlessRead();
    }
  }

  private void abort() {
    if (settle(Ending.REFUSED)) {
      stopUpstream();
      response.reset();
    }
  }

  private void clientGone() {
    if (settle(Ending.CLIENT_GONE)) {
      stopUpstream();
    }
  }

  private void stopUpstream() {
    if (relay != null) {
      relay.cancel();
    }
    if (upstream != null) {
      upstream.reset();
    }
    body.abandon();
  }

  /** Ends the exchange, once. */
  private boolean settle(Ending ending) {
    if (over) {
      return false;
    }
    over = true;
    client.ended(this);
    resources.meters().leave();
    if (choice == null) {
      resources.meters().refused();
    } else {
      resources.meters().ended(choice.provider(), ending, System.nanoTime() - startNanos);
    }
    return true;
  }

  /**
   * An answer that was given before the request's body was read leaves bytes on both connections
   * that nobody wants: neither may be used again.
   */
  private void closeUnlessRead() {
    if (body.complete()) {
      return;
    }
    if (upstream != null) {
      upstream.reset();
    }
    Lingering.close(resources.vertx(), request);
  }
}
