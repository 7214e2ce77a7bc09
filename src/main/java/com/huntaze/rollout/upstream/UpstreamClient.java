package com.huntaze.rollout.upstream;

import com.huntaze.rollout.dns.Dialer;
import com.huntaze.rollout.dns.Name;
import com.huntaze.rollout.dns.Names;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.tls.TlsOptions;
import com.huntaze.rollout.token.Token;
import com.huntaze.rollout.token.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's connections to one provider. Never shared between loops: a shared pool hands out
 * connections of other loops, and every byte would cross threads. Nobody waits for a connection:
 * one that is free is taken, else one is opened, or the request is refused.
 */
public final class UpstreamClient {
  /**
   * Shorter than the 5 s after which uvicorn closes an idle connection by default, so that a
   * request is seldom sent on a connection that is about to close.
   */
  private static final int KEEP_ALIVE_SECONDS = 4;

  /** The time between two looks for connections that are not needed. */
  private static final long SWEEP_MILLIS = 1_000;

  private static final int MAX_CHUNK_BYTES = 65_536;
  private static final int MAX_INITIAL_LINE_BYTES = 16_384;

  private final Provider provider;
  private final UpstreamSettings settings;
  private final Vertx vertx;
  private final HttpClientAgent client;
  private final Names names;
  private final Tokens tokens;

  /** {@code null} = it gets none. */
  private final Token token;

  private final Name name;
  private final Dialer<HttpClientRequest> dialer;
  private final ProviderConnections<KeptConnection> connections;
  private final Handler<HttpConnection> counted;
  private final long sweep;
  private final HttpUrl url;
  private final List<RewriteSettings> rewrites;
  private final Map<String, String> headers;
  private final ModelNames models;
  private final Placements placements;
  private final Duration idle;
  private final boolean ownCredentials;

  /** The exchanges that may still ask for a connection. */
  private int users;

  /** The same on each connection, whatever address it goes to; {@code null} = none was opened. */
  private KnownAuthority authority;

  private boolean retired;
  private int refused;

  /**
   * @param credentials what counts as one
   * @param names the addresses of providers' names
   * @param tokens the bearer tokens of providers
   * @param loops how many event loops share the provider's connection limit
   */
  public UpstreamClient(
      Vertx vertx,
      Provider provider,
      UpstreamSettings settings,
      Credentials credentials,
      Names names,
      Tokens tokens,
      int loops,
      ProxyMeters meters) {
    this.vertx = vertx;
    this.provider = provider;
    this.settings = settings;
    url = settings.url();
    rewrites = settings.rewrites();
    headers = settings.headers();
    models = new ModelNames(settings.models());
    placements = new Placements(settings.deployments());
    idle = settings.idle();
    ownCredentials = settings.token() != null || credentials.areIn(headers);
    int most = Math.max(1, settings.pool().maxConnections() / loops);
    this.names = names;
    this.tokens = tokens;
    token = settings.token() == null ? null : tokens.retain(provider, settings.token());
    name = names.retain(url.host());
    dialer = new Dialer<>(vertx, name, settings.connect().toMillis(), UpstreamClient::giveBack);
    connections = new ProviderConnections<>(most, KeptConnection::isFree, KeptConnection::close);
    counted = meters.connections(provider);
    client = vertx.httpClientBuilder().with(options(settings)).build();
    sweep = vertx.setPeriodic(SWEEP_MILLIS, now -> connections.closeIf(KeptConnection::isStale));
  }

  /** Nothing was sent on it. */
  private static void giveBack(HttpClientRequest unwanted) {
    unwanted.exceptionHandler(ignored -> {});
    unwanted.reset();
  }

  /** A new connection, before anything is sent on it. */
  private KeptConnection opened(String address, HttpClientConnection connection) {
    var actual = ((UnpooledHttpClientConnection) connection).unwrap();
    UpstreamGuard.stand(actual);
    counted.handle(actual);
    if (authority == null) {
      authority = new KnownAuthority(actual.authority());
    }
    KeptConnection kept =
        new KeptConnection(actual, authority, unused -> connections.freed(address, unused));
    connections.opened(address, kept);
    if (actual instanceof ConnectionBase base) {
      base.channel().closeFuture().addListener(over -> connections.closed(address, kept));
    }
    return kept;
  }

  private static HttpClientOptions options(UpstreamSettings settings) {
    return TlsOptions.verify(plain(settings), settings.tls());
  }

  private static HttpClientOptions plain(UpstreamSettings settings) {
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setKeepAlive(true)
        .setPipelining(false)
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setConnectTimeout((int) settings.connect().toMillis())
        .setDecompressionSupported(false)
        .setMaxChunkSize(MAX_CHUNK_BYTES)
        .setMaxHeaderSize(MAX_CHUNK_BYTES)
        .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true);
  }

  /** The settings that it was made by. */
  public UpstreamSettings settings() {
    return settings;
  }

  /** An exchange begins that may ask this client. */
  public void retain() {
    users++;
  }

  /** The exchange has ended. */
  public void release() {
    users--;
    closeIfUnused();
  }

  /** Another client is in its place for new exchanges; it closes when the last of its own ends. */
  public void retire() {
    retired = true;
    closeIfUnused();
  }

  private void closeIfUnused() {
    if (retired && users == 0) {
      close();
    }
  }

  /** The provider's names of models. */
  public ModelNames models() {
    return models;
  }

  /** The provider that it connects to. */
  public Provider provider() {
    return provider;
  }

  /** The provider's host name or address. */
  public String host() {
    return url.host();
  }

  /** The provider's port. */
  public int port() {
    return url.port();
  }

  /**
   * Returns whether requests carry a credential that we set: its refusal is not the client's fault.
   */
  public boolean ownCredentials() {
    return ownCredentials;
  }

  /** The longest silence in an answer that has begun. */
  public Duration idle() {
    return idle;
  }

  /**
   * Takes a connection, a free or a new one, to one of the provider's addresses.
   *
   * @param target the request target in origin form
   * @return a request of which nothing has been sent yet; fails when no connection can be had
   */
  public Future<HttpClientRequest> acquire(HttpMethod method, String target) {
    String uri = uri(target);
    Future<HttpClientRequest> asked = dialer.dial(address -> open(address, method, uri));
    return asked.succeeded() ? asked : asked.onFailure(this::notAcquired);
  }

  private Future<HttpClientRequest> open(String address, HttpMethod method, String uri) {
    KeptConnection free = connections.take(address);
    if (free != null) {
      return free.ask(method, uri);
    }
    if (!connections.hasRoom()) {
      return Future.failedFuture(
          new ConnectionPoolTooBusyException("all connections to the provider are in use"));
    }
    try {
      Future<HttpClientConnection> asked = client.connect(to(address));
      connections.ask();
      return asked
          .onComplete(answered -> connections.answered())
          .compose(connection -> opened(address, connection).ask(method, uri));
    } catch (IllegalStateException closed) {
      // The process ends, and what was under way would try once more.
      return Future.failedFuture(closed);
    }
  }

  /** The name stays what TLS verifies and what the Host header says. */
  private HttpConnectOptions to(String address) {
    HttpConnectOptions options =
        new HttpConnectOptions()
            .setHost(url.host())
            .setPort(url.port())
            .setSsl(url.secure())
            .setConnectTimeout(settings.connect().toMillis());
    return name.isLiteral() ? options : options.setServer(Name.server(address, url.port()));
  }

  private void notAcquired(Throwable cause) {
    if (cause instanceof ConnectionPoolTooBusyException) {
      refused++;
    }
  }

  /** Counts the requests that have found all connections in use since the last call. */
  public int takeRefused() {
    int since = refused;
    refused = 0;
    return since;
  }

  /** Sets the provider's own headers; an empty value sets none. */
  public void applyHeaders(MultiMap to) {
    if (!headers.isEmpty()) {
      headers.forEach(
          (name, value) -> {
            if (!value.isEmpty()) {
              to.set(name, value);
            }
          });
    }
    if (token != null) {
      authorize(to, token.current());
    }
  }

  private static void authorize(MultiMap to, String bearer) {
    if (bearer == null) {
      to.remove(HttpHeaders.AUTHORIZATION);
    } else {
      to.set(HttpHeaders.AUTHORIZATION, "Bearer " + bearer);
    }
  }

  Future<Void> close() {
    names.release(name);
    if (token != null) {
      tokens.release(provider, settings.token());
    }
    vertx.cancelTimer(sweep);
    return client.shutdown(0, TimeUnit.SECONDS);
  }

  /**
   * The place that answers a request, as far as its path and the configuration tell.
   *
   * @param target the request target in origin form
   * @param model the client's name of the model, {@code null} = not told
   */
  public Placement placement(String target, String model) {
    return placements.of(path(uri(target)), path(target), models.of(model), model);
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private String uri(String target) {
    String rewritten = rewritten(models.apply(target));
    return url.path().isEmpty() ? rewritten : url.path() + rewritten;
  }

  private String rewritten(String target) {
    for (int i = 0; i < rewrites.size(); i++) {
      RewriteSettings rewrite = rewrites.get(i);
      if (target.startsWith(rewrite.from())) {
        return rewrite.to() + target.substring(rewrite.from().length());
      }
    }
    return target;
  }
}
