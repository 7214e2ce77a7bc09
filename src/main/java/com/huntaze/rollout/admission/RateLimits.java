package com.huntaze.rollout.admission;

import com.huntaze.rollout.http.OwnFields;
import com.huntaze.rollout.quota.SharedLimit;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rates at which client keys may call: a token bucket a key, shared by the process's event
 * loops. The keys are those of the configuration, so there is a bound on them.
 */
public final class RateLimits {
  /** In the order of the configuration. */
  private final Map<String, KeyLimit> limits = new LinkedHashMap<>();

  /** Of a limit that comes into force later, each of so many replicas has an equal part. */
  private final AtomicInteger replicas;

  public RateLimits(AuthSettings auth, LimitSettings defaults) {
    this(auth, defaults, Map.of(), new AtomicInteger(1));
  }

  private RateLimits(
      AuthSettings auth,
      LimitSettings defaults,
      Map<String, KeyLimit> before,
      AtomicInteger replicas) {
    this.replicas = replicas;
    for (ApiKeySettings key : auth.keys()) {
      long perSecond = key.perSecond() > 0 ? key.perSecond() : defaults.perKeyPerSecond();
      if (perSecond > 0) {
        long burst = defaults.burst() > 0 ? defaults.burst() : perSecond;
        KeyLimit old = before.get(key.id());
        boolean same = old != null && old.isOf(perSecond, burst);
        limits.put(
            key.id(),
            same
                ? old
                : new KeyLimit(
                    key.id(), perSecond, burst, replicas.get(), TimeMeter.SYSTEM_NANOTIME));
      }
    }
  }

  /** Other limits; a key whose own stays the same keeps what it has used of it. */
  public RateLimits with(AuthSettings auth, LimitSettings defaults) {
    return new RateLimits(auth, defaults, limits, replicas);
  }

  /** Those that replicas have in common, in the order of the configuration. */
  public List<SharedLimit> shared() {
    return List.copyOf(limits.values());
  }

  /** See {@link com.huntaze.rollout.quota.SharedLimits#replicas}. */
  public void replicas(int count) {
    replicas.set(count);
  }

  /**
   * Takes one request of a key's allowance, and tells the client in {@code RateLimit} fields what
   * is left (draft-ietf-httpapi-ratelimit-headers).
   *
   * @throws Refusal 429 with {@code Retry-After} when none is left
   */
  void take(ApiKeySettings key, OwnFields own) throws Refusal {
    KeyLimit limit = key == null ? null : limits.get(key.id());
    if (limit == null) {
      return;
    }
    ConsumptionProbe probe = limit.take();
    Map<String, String> fields = fields(limit, probe);
    if (probe == null || !probe.isConsumed()) {
      Map<String, String> refused = new HashMap<>(fields);
      long wait = probe == null ? 0 : probe.getNanosToWaitForRefill();
      refused.put("Retry-After", Long.toString(seconds(wait)));
      throw Refusal.rateLimited(
          "rate: over %d requests per second%s (expected: at most that, in bursts of %d)"
              .formatted(
                  limit.perSecond(),
                  replicas.get() > 1 ? " at all replicas together" : "",
                  limit.atOnce()),
          refused);
    }
    own.limit(fields);
  }

  private static Map<String, String> fields(KeyLimit limit, ConsumptionProbe probe) {
    long remaining = probe == null ? 0 : KeyLimit.remaining(probe);
    long reset = seconds(probe == null ? 0 : probe.getNanosToWaitForReset());
    return Map.of(
        "RateLimit-Policy", "\"default\";q=%d;w=1".formatted(limit.perSecond()),
        "RateLimit", "\"default\";r=%d;t=%d".formatted(remaining, reset));
  }

  private static long seconds(long nanos) {
    return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
  }
}
