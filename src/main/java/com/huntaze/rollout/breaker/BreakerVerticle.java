package com.huntaze.rollout.breaker;

import com.huntaze.rollout.breaker.BreakerAlerts.Failures;
import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Home of the circuit breakers: deployed before the proxy verticles and undeployed after them, so
 * that no breaker's timer dies with one of those. Publishes every change on {@link
 * ProviderAddresses#BREAKER_STATE}.
 */
public final class BreakerVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(BreakerVerticle.class);
  private static final String[] KINDS = {"closed", "open", "half_open"};

  private final Bus bus;
  private final Map<Provider, CircuitBreakerSettings> settings = new EnumMap<>(Provider.class);
  private final MeterRegistry registry;
  private final long sureMillis;
  private final Map<Provider, ProviderBreaker> breakers = new EnumMap<>(Provider.class);

  /** The state of each that was told last. */
  private final Map<Provider, BreakerState> last = new EnumMap<>(Provider.class);

  public BreakerVerticle(
      Bus bus, Map<Provider, CircuitBreakerSettings> settings, MeterRegistry registry) {
    this(bus, settings, registry, BreakerAlerts.SURE_MILLIS);
  }

  BreakerVerticle(
      Bus bus,
      Map<Provider, CircuitBreakerSettings> settings,
      MeterRegistry registry,
      long sureMillis) {
    this.sureMillis = sureMillis;
    this.bus = bus;
    this.settings.putAll(settings);
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    settings.forEach(this::create);
    Set<Provider> unsure = new HashSet<>(breakers.keySet());
    vertx.setPeriodic(sureMillis, later -> unsure.removeIf(this::isSure));
    bus.serve(
        ProviderAddresses.BREAKER_GET,
        body -> {
          Bodies.none(body);
          return Future.succeededFuture(all());
        });
    return Future.succeededFuture();
  }

  /** The breakers by provider; to be asked for once this is deployed. */
  public Map<Provider, ProviderBreaker> breakers() {
    return Collections.unmodifiableMap(breakers);
  }

  /**
   * Goes on by other settings, from any thread.
   *
   * @param moved the providers that are others by now: nothing is held against those
   */
  public Future<Void> configure(Map<Provider, CircuitBreakerSettings> others, Set<Provider> moved) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        turn -> {
          settings.putAll(others);
          breakers.forEach(
              (provider, breaker) ->
                  breaker.configure(others.get(provider), moved.contains(provider)));
          done.complete();
        });
    return done.future();
  }

  /** A provider has a new address, after all it had failed: nothing is held against it. */
  public void renew(Provider provider) {
    context.runOnContext(turn -> breakers.get(provider).configure(settings.get(provider), true));
  }

  private void create(Provider provider, CircuitBreakerSettings of) {
    ProviderBreaker breaker = new ProviderBreaker(vertx, context, provider, of, this::changed);
    breakers.put(provider, breaker);
    for (String kind : KINDS) {
      Gauge.builder(
              "rollout.breaker.state",
              breaker,
              b -> kind.equals(BreakerWords.kind(b.state())) ? 1 : 0)
          .description("1 for the state that a provider's circuit breaker is in.")
          .tag("provider", provider.label())
          .tag("state", kind)
          .register(registry);
    }
  }

  private void changed(Provider provider, BreakerState state) {
    int most = settings.get(provider).maxFailures();
    log.info("Breaker of {}: {}", provider.label(), BreakerWords.sentence(provider, state, most));
    bus.publish(ProviderAddresses.BREAKER_STATE, json(provider, state));
    BreakerState before = last.put(provider, state);
    Failures failures = Failures.of(provider, before, breakers, most);
    BreakerAlerts.of(provider, before, state, failures)
        .map(alert -> new JsonObject(alert.fields()))
        .ifPresent(alert -> bus.publish(CanaryAddresses.ALERT, alert));
  }

  /** One that works, and has not opened in this process, ends what was told of it before. */
  private boolean isSure(Provider provider) {
    if (last.containsKey(provider) || !breakers.get(provider).hasSucceeded()) {
      return last.containsKey(provider);
    }
    Alert end = BreakerAlerts.well(provider);
    bus.publish(CanaryAddresses.ALERT_WELL, new JsonObject(end.fields()));
    return true;
  }

  private JsonArray all() {
    JsonArray all = new JsonArray();
    breakers.forEach((provider, breaker) -> all.add(json(provider, breaker.state())));
    return all;
  }

  private JsonObject json(Provider provider, BreakerState state) {
    return BreakerWords.json(provider, state, breakers.get(provider).usersLately());
  }
}
