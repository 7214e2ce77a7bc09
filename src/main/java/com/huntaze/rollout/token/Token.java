package com.huntaze.rollout.token;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One token that is kept fresh: asked for again before it ends, and a file every two seconds. While
 * no new one can be had the old one stays. Read from any thread.
 */
public final class Token {
  private static final Logger log = LoggerFactory.getLogger(Token.class);
  private static final long FILE_MILLIS = 2_000;
  private static final long FIRST_DELAY_MILLIS = 1_000;
  private static final long MOST_DELAY_MILLIS = 60_000;

  private final TokenSettings settings;
  private final TokenRequests requests;
  private final Context context;
  private final Promise<Void> asked = Promise.promise();
  private volatile Issued issued;
  private int failures;
  private boolean closed;
  private long timer = -1;

  /** Guarded by the map of {@link Tokens}. */
  private int users;

  Token(TokenSettings settings, TokenRequests requests, Context context) {
    this.settings = settings;
    this.requests = requests;
    this.context = context;
  }

  void begin() {
    context.runOnContext(first -> ask());
  }

  /** Completes when it has been had, or could not be had, for the first time. */
  Future<Void> asked() {
    return asked.future();
  }

  void gainUser() {
    users++;
  }

  boolean loseUser() {
    users--;
    return users > 0;
  }

  void close() {
    context.runOnContext(
        last -> {
          closed = true;
          context.owner().cancelTimer(timer);
        });
  }

  /** The token now; {@code null} = none could be had yet. */
  public String current() {
    Issued now = issued;
    return now == null ? null : now.text();
  }

  private void ask() {
    if (closed) {
      return;
    }
    requests
        .ask(settings)
        .map(text -> Issued.parse(text, System.currentTimeMillis()))
        .onComplete(
            answer ->
                context.runOnContext(
                    told -> {
                      if (answer.succeeded()) {
                        take(answer.result());
                      } else {
                        fail(answer.cause());
                      }
                      asked.tryComplete();
                    }));
  }

  private void take(Issued newer) {
    if (failures > 0) {
      log.info("Token from {}: there again", settings.from());
    }
    failures = 0;
    issued = newer;
    boolean file = settings.from() == TokenOrigin.FILE;
    after(file ? FILE_MILLIS : newer.renewAfterMillis(System.currentTimeMillis()));
  }

  private void fail(Throwable cause) {
    if (failures == 0) {
      log.warn(
          "Token from {}: {}. {}",
          settings.from(),
          cause.getMessage(),
          issued == null
              ? "There is none, so the provider will refuse what is sent to it until there is."
              : "The last one stays in use; it is asked for until there is a new one.");
    }
    after(Math.min(MOST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(failures, 6)));
    failures++;
  }

  private void after(long millis) {
    if (!closed) {
      timer = context.owner().setTimer(millis, due -> ask());
    }
  }
}
