package com.huntaze.rollout.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which models of which provider refuse {@code stream_options}, so that their streams are
 * asked for no usage. A refusal counts if the same request without the option is taken; if that is
 * refused as well the option is not to blame, and is not tried out again. Either is known for an
 * hour. Shared by the event loops of the process.
 *
 * <p>Decision 93 in {@code docs/decisions.md}.
 */
public final class StreamOptions {
  private static final Duration KNOWN = Duration.ofHours(1);

  /** A model's name or path may have kilobytes, and clients may invent some. */
  private static final int MOST_PAIRS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(StreamOptions.class);
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]{1,128}");

  private enum Finding {
    FORBIDDEN,
    BLAMELESS
  }

  private record Pair(Provider provider, String model) {}

  private final Cache<Pair, Finding> known;

  public StreamOptions() {
    this(Ticker.systemTicker());
  }

  StreamOptions(Ticker clock) {
    known =
        Caffeine.newBuilder()
            .maximumSize(MOST_PAIRS)
            .expireAfterWrite(KNOWN)
            .ticker(clock)
            .executor(Runnable::run)
            .build();
  }

  /** Tells whether a model's streams may be asked for their usage. */
  boolean allowed(Provider provider, String model) {
    return known.getIfPresent(new Pair(provider, model)) != Finding.FORBIDDEN;
  }

  /**
   * Tells whether a response may refuse the option: 400 or 422, of a model of which it is not known
   * that something else is to blame.
   */
  boolean suspect(Provider provider, String model, int status) {
    return isRefusal(status) && known.getIfPresent(new Pair(provider, model)) == null;
  }

  /** Takes note of the response to a request that was sent once more without the option. */
  void learn(Provider provider, String model, int status) {
    if (isRefusal(status)) {
      known.put(new Pair(provider, model), Finding.BLAMELESS);
    } else if (status < 400) {
      known.put(new Pair(provider, model), Finding.FORBIDDEN);
      log.info(
          "Model {} of {} refuses stream_options: for an hour its streams are not asked for their"
              + " usage, so their tokens and costs are known only if it tells them by itself."
              + " providers.{}.requestUsageInStreams: false asks it never.",
          PRINTABLE.matcher(model).matches() ? model : "(unprintable)",
          provider.label(),
          provider.label());
    }
  }

  private static boolean isRefusal(int status) {
    return status == 400 || status == 422;
  }
}
