package com.huntaze.rollout.dns;

import com.huntaze.rollout.address.DnsSettings;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The names of the providers that are in use, one object a process: keeps their addresses fresh in
 * the background, whether there is traffic or not, and forgets a name that nobody uses any more.
 * From any thread.
 */
public final class Names {
  private static final long MILLIS_BETWEEN_LOOKS = 100;

  private final ContextInternal context;
  private final Map<String, Name> names = new ConcurrentHashMap<>();
  private final long beganNanos = System.nanoTime();
  private final long timer;
  private final Consumer<String> moved;
  private volatile DnsSettings settings;

  /**
   * @param moved told of a name that has a new address after all the others have failed
   */
  public Names(Vertx vertx, DnsSettings settings, Consumer<String> moved) {
    this.moved = moved;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    this.settings = settings;
    timer = context.setPeriodic(MILLIS_BETWEEN_LOOKS, look -> look());
  }

  /** Asks other name servers from the next question on. */
  public void configure(DnsSettings newer) {
    settings = newer;
  }

  /**
   * Begins to use a name; its name server is asked at once. To be given back with {@link #release}.
   */
  public Name retain(String host) {
    Name name = new Name(host, this::millis);
    if (name.isLiteral()) {
      return name;
    }
    return names.compute(
        key(host),
        (key, known) -> {
          if (known == null) {
            name.asked();
            context.runOnContext(first -> ask(name));
          }
          Name used = known == null ? name : known;
          used.gainUser();
          return used;
        });
  }

  /** Ends a use of the name. */
  public void release(Name name) {
    if (!name.isLiteral()) {
      names.computeIfPresent(key(name.host()), (key, used) -> used.loseUser() ? used : null);
    }
  }

  /** Asks nobody any more. */
  public void close() {
    context.owner().cancelTimer(timer);
    names.clear();
  }

  private static String key(String host) {
    return host.toLowerCase(Locale.ROOT);
  }

  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
  }

  private void look() {
    for (Name name : names.values()) {
      if (name.isDue()) {
        name.asked();
        ask(name);
      }
    }
  }

  private void ask(Name name) {
    Lookup.of(context, settings, name.host())
        .onComplete(
            answer -> {
              if (name.answered(answer)) {
                moved.accept(name.host());
              }
            },
            name::unanswered);
  }
}
