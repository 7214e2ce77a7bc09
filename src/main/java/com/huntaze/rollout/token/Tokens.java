package com.huntaze.rollout.token;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.watch.FileWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
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
  private static final String FAILING = "rollout.provider.token.failing";
  private static final String PROVIDER = "provider";

  private final Vertx vertx;
  private final Bus bus;
  private final FileWatch files;
  private final Context context;
  private final TokenRequests requests;
  private final MeterRegistry registry;
  private final Map<Use, Token> tokens = new ConcurrentHashMap<>();

  /** A provider's use of a token. */
  private record Use(Provider provider, TokenSettings settings) {}

  /**
   * @param files the process's watch of files
   */
  public Tokens(Vertx vertx, Bus bus, FileWatch files, MeterRegistry registry) {
    this.vertx = vertx;
    this.bus = bus;
    this.files = files;
    this.registry = registry;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    this.requests = new TokenRequests(vertx);
  }

  /** Begins to use a token, which is asked for at once. To be given back with {@link #release}. */
  public Token retain(Provider provider, TokenSettings settings) {
    return tokens.compute(
        new Use(provider, settings),
        (use, known) -> {
          Token used = known == null ? begin(use) : known;
          used.gainUser();
          return used;
        });
  }

  private Token begin(Use use) {
    Token token = new Token(use.provider().label(), use.settings(), requests, bus, files, context);
    Gauge.builder(FAILING, tokens, all -> failing(use.provider()))
        .description("1 while no new bearer token can be had for a provider.")
        .tag(PROVIDER, use.provider().label())
        .register(registry);
    token.begin();
    return token;
  }

  private double failing(Provider provider) {
    boolean any =
        tokens.entrySet().stream()
            .anyMatch(each -> each.getKey().provider() == provider && each.getValue().isFailing());
    return any ? 1 : 0;
  }

  /** Ends a use of a token. */
  public void release(Provider provider, TokenSettings settings) {
    tokens.computeIfPresent(
        new Use(provider, settings),
        (use, used) -> {
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
  public <T> Future<T> during(Map<Provider, TokenSettings> wanted, Supplier<Future<T>> use) {
    if (wanted.isEmpty()) {
      return use.get();
    }
    List<Future<Void>> asked = new ArrayList<>();
    wanted.forEach((provider, settings) -> asked.add(retain(provider, settings).asked()));
    Future<Void> late = vertx.timer(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).mapEmpty();
    return Future.any(Future.all(asked), late)
        .compose(begun -> use.get())
        .onComplete(used -> wanted.forEach(this::release));
  }

  /** Asks for nothing any more. */
  public void close() {
    tokens.values().forEach(Token::close);
    tokens.clear();
    requests.close();
  }
}
