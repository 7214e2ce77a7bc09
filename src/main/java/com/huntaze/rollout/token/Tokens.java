package com.huntaze.rollout.token;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The bearer tokens that are in use, one object a process: each is asked for once, whoever uses it,
 * and forgotten when nobody does. From any thread.
 */
public final class Tokens {
  private static final long PATIENCE_MILLIS = 10_000;

  private final Vertx vertx;
  private final Context context;
  private final TokenRequests requests;
  private final Map<TokenSettings, Token> tokens = new ConcurrentHashMap<>();

  public Tokens(Vertx vertx) {
    this.vertx = vertx;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    this.requests = new TokenRequests(vertx);
  }

  /** Begins to use a token, which is asked for at once. To be given back with {@link #release}. */
  public Token retain(TokenSettings settings) {
    return tokens.compute(
        settings,
        (key, known) -> {
          Token used = known == null ? new Token(settings, requests, context) : known;
          if (known == null) {
            used.begin();
          }
          used.gainUser();
          return used;
        });
  }

  /** Ends a use of a token. */
  public void release(TokenSettings settings) {
    tokens.computeIfPresent(
        settings,
        (key, used) -> {
          if (used.loseUser()) {
            return used;
          }
          used.close();
          return null;
        });
  }

  /**
   * Does what will use tokens when each of them has been had, or could not be had, for the first
   * time; after ten seconds in any case.
   */
  public <T> Future<T> during(Collection<TokenSettings> wanted, Supplier<Future<T>> use) {
    if (wanted.isEmpty()) {
      return use.get();
    }
    Future<Void> late = vertx.timer(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).mapEmpty();
    Future<Void> all =
        Future.all(wanted.stream().map(each -> retain(each).asked()).toList()).mapEmpty();
    return Future.any(all, late)
        .compose(asked -> use.get())
        .onComplete(used -> wanted.forEach(this::release));
  }

  /** Asks for nothing any more. */
  public void close() {
    tokens.values().forEach(Token::close);
    tokens.clear();
    requests.close();
  }
}
