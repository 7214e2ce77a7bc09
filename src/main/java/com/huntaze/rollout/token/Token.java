package com.huntaze.rollout.token;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.watch.FileWatch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One token that is kept fresh: asked for again before it ends, and a file when it changes. While
 * no new one can be had the old one stays. Read from any thread.
 */
public final class Token {
  private static final Logger log = LoggerFactory.getLogger(Token.class);
  private static final String NONE =
      "there is none, so %s refuses what is sent to it until there is";
  private static final String ENDED =
      "the last one has ended, so %s refuses what is sent to it until there is a new one";
  private static final String STAYS =
      "the last one stays in use until it ends, and a new one is asked for every minute at least";

  private static final long FIRST_DELAY_MILLIS = 1_000;
  private static final long MOST_DELAY_MILLIS = 60_000;

  private final String provider;
  private final TokenSettings settings;
  private final TokenRequests requests;
  private final Bus bus;
  private final FileWatch files;
  private final Context context;
  private final Promise<Void> asked = Promise.promise();
  private volatile Issued issued;
  private volatile int failures;

  /** The consequence that people know of; {@code null} = all is well. */
  private String told;

  /** Of the token's file; {@code null} = it comes from elsewhere. */
  private FileWatch.Watched file;

  private boolean asking;

  /** The file has changed while it was being read. */
  private boolean again;

  private boolean closed;
  private long timer = -1;

  /** Guarded by the map of {@link Tokens}. */
  private int users;

  Token(
      String provider,
      TokenSettings settings,
      TokenRequests requests,
      Bus bus,
      FileWatch files,
      Context context) {
    this.bus = bus;
    this.files = files;
    this.provider = provider;
    this.settings = settings;
    this.requests = requests;
    this.context = context;
  }

  void begin() {
    context.runOnContext(
        first -> {
          if (settings.from() == TokenOrigin.FILE && !closed) {
            file = files.watch(changed -> askAgain());
            // Asked when changes are noticed: none falls between.
            file.files(List.of(Path.of(settings.file())))
                .onComplete(watched -> context.runOnContext(begun -> ask()));
          } else {
            ask();
          }
        });
  }

  private void askAgain() {
    if (asking) {
      again = true;
    } else {
      context.owner().cancelTimer(timer);
      ask();
    }
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
          if (file != null) {
            file.end();
          }
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
    asking = true;
    requests
        .ask(settings)
        .map(text -> Issued.parse(text, System.currentTimeMillis()))
        .onComplete(
            answer ->
                context.runOnContext(
                    told -> {
                      asking = false;
                      if (answer.succeeded()) {
                        take(answer.result());
                      } else {
                        fail(answer.cause());
                      }
                      asked.tryComplete();
                      if (again) {
                        again = false;
                        askAgain();
                      }
                    }));
  }

  private void take(Issued newer) {
    if (failures > 0) {
      log.info("Token of {}, from {}: there again", provider, origin());
    }
    failures = 0;
    told = null;
    issued = newer;
    if (file == null) {
      after(newer.renewAfterMillis(System.currentTimeMillis()));
    }
  }

  private void fail(Throwable cause) {
    tell(cause);
    after(Math.min(MOST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(failures, 6)));
    failures++;
  }

  /** Says what follows, once; the alert's channels have it, the log among them. */
  private void tell(Throwable cause) {
    long now = System.currentTimeMillis();
    String consequence = issued == null ? NONE : issued.endsAtMillis() <= now ? ENDED : STAYS;
    if (consequence.equals(told)) {
      return;
    }
    told = consequence;
    String sentence =
        "No new token for %s, from %s: %s; %s"
            .formatted(provider, origin(), cause.getMessage(), consequence.formatted(provider));
    Alert alert =
        new Alert(
            Alert.Kind.TOKEN_REFUSED,
            "token of " + provider,
            consequence.equals(STAYS) ? "" : "without one",
            sentence,
            now);
    bus.publish(CanaryAddresses.ALERT, new JsonObject(alert.fields()));
  }

  private String origin() {
    return settings.from().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Tells whether it could not be had when it was asked for last. */
  boolean isFailing() {
    return failures > 0;
  }

  private void after(long millis) {
    if (!closed) {
      timer = context.owner().setTimer(millis, due -> ask());
    }
  }
}
