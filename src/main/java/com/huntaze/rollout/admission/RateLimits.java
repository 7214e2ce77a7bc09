package com.huntaze.rollout.admission;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The rates at which client keys may call: a token bucket a key, shared by the process's event
 * loops. The keys are those of the configuration, so there is a bound on them.
 */
public final class RateLimits {
  private final Map<String, Limit> limits = new HashMap<>();

  private record Limit(long perSecond, long burst, Bucket bucket) {}

  public RateLimits(AuthSettings auth, LimitSettings defaults) {
    this(auth, defaults, Map.of());
  }

  private RateLimits(AuthSettings auth, LimitSettings defaults, Map<String, Limit> before) {
    for (ApiKeySettings key : auth.keys()) {
      long perSecond = key.perSecond() > 0 ? key.perSecond() : defaults.perKeyPerSecond();
      if (perSecond > 0) {
        long burst = defaults.burst() > 0 ? defaults.burst() : perSecond;
        Limit old = before.get(key.id());
        boolean same = old != null && old.perSecond() == perSecond && old.burst() == burst;
        limits.put(key.id(), same ? old : limit(perSecond, burst));
      }
    }
  }

  /** Other limits; a key whose own stays the same keeps what it has used of it. */
  public RateLimits with(AuthSettings auth, LimitSettings defaults) {
    return new RateLimits(auth, defaults, limits);
  }

  private static Limit limit(long perSecond, long burst) {
    Bandwidth bandwidth =
        Bandwidth.builder().capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)).build();
    return new Limit(perSecond, burst, Bucket.builder().addLimit(bandwidth).build());
  }

  /**
   * Takes one request of a key's allowance, and tells the client in {@code RateLimit} fields what
   * is left (draft-ietf-httpapi-ratelimit-headers).
   *
   * @throws Refusal 429 with {@code Retry-After} when none is left
   */
  void take(ApiKeySettings key, MultiMap responseHeaders) throws Refusal {
    Limit limit = key == null ? null : limits.get(key.id());
    if (limit == null) {
      return;
    }
    ConsumptionProbe probe = limit.bucket().tryConsumeAndReturnRemaining(1);
    Map<String, String> fields = fields(limit, probe);
    if (!probe.isConsumed()) {
      Map<String, String> refused = new HashMap<>(fields);
      refused.put("Retry-After", Long.toString(seconds(probe.getNanosToWaitForRefill())));
      throw Refusal.rateLimited(
          "rate: over %d requests per second (expected: at most that, in bursts of %d)"
              .formatted(limit.perSecond(), limit.burst()),
          refused);
    }
    responseHeaders.addAll(fields);
  }

  private static Map<String, String> fields(Limit limit, ConsumptionProbe probe) {
    long reset = seconds(probe.getNanosToWaitForReset());
    return Map.of(
        "RateLimit-Policy", "\"default\";q=%d;w=1".formatted(limit.perSecond()),
        "RateLimit", "\"default\";r=%d;t=%d".formatted(probe.getRemainingTokens(), reset));
  }

  private static long seconds(long nanos) {
    return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
  }
}
