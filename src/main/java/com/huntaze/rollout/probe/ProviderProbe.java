package com.huntaze.rollout.probe;

import com.huntaze.rollout.address.AddressBook;
import com.huntaze.rollout.address.KnownAddress;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.dns.Name;
import com.huntaze.rollout.dns.Names;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import com.huntaze.rollout.token.Token;
import com.huntaze.rollout.token.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The probe of one provider: one request at a time, the next after the interval, or at once while
 * it is not yet sure that the provider is down. Any answer below 500 is a sign of life.
 */
final class ProviderProbe {
  private static final Logger log = LoggerFactory.getLogger(ProviderProbe.class);

  private final Vertx vertx;
  private final Bus bus;
  private final ProbeClient client;
  private final Names names;
  private final Tokens tokens;
  private final Name name;
  private final Provider provider;
  private final ProbeTarget target;
  private final Map<Provider, ProviderProbe> all;

  /**
   * The beginnings of the latest failed probes in a row, at most as many as are needed to be sure.
   */
  private final Deque<Long> failedSince = new ArrayDeque<>();

  private volatile boolean up;

  /** False = it has not been found either way since it is probed. */
  private boolean heard;

  /** The latest failure of a provider that is down; {@code null} = it is up. */
  private ProbeFailure failure;

  private boolean stopped;

  /**
   * @param names the addresses of the providers' names
   * @param tokens the bearer tokens of providers
   * @param up what is taken for true until the first answer
   * @param all the probes of all providers, for whoever is told of one
   */
  ProviderProbe(
      Vertx vertx,
      Bus bus,
      Provider provider,
      ProbeTarget target,
      Names names,
      Tokens tokens,
      boolean up,
      Map<Provider, ProviderProbe> all) {
    this.all = all;
    this.vertx = vertx;
    this.bus = bus;
    this.provider = provider;
    this.target = target;
    this.up = up;
    this.names = names;
    this.tokens = tokens;
    name = names.retain(target.url().host());
    Token token = target.token() == null ? null : tokens.retain(provider, target.token());
    client = new ProbeClient(vertx, provider.label(), target, token, name);
  }

  /** Begins after one interval, for what is only just starting may take a moment. */
  void start() {
    probeAfter(target.settings().interval().toMillis());
  }

  void stop() {
    stopped = true;
    client.close();
    names.release(name);
    if (target.token() != null) {
      tokens.release(provider, target.token());
    }
  }

  private void probeAfter(long millis) {
    vertx.setTimer(Math.max(1, millis), next -> probe());
  }

  boolean up() {
    return up;
  }

  JsonObject json() {
    JsonObject json = new JsonObject().put("provider", provider.label()).put("up", up);
    return failure == null ? json : json.put("cause", failure.cause()).put("why", failure.why());
  }

  /** The addresses that are in use, and which of them take no connections. */
  AddressBook addresses() {
    return name.book();
  }

  /** The same, with the addresses that are in use. */
  JsonObject described() {
    JsonArray all = new JsonArray();
    for (KnownAddress each : addresses().addresses()) {
      all.add(new JsonObject().put("address", each.literal()).put("failing", each.failed()));
    }
    return json().put("addresses", all);
  }

  private void probe() {
    if (stopped) {
      return;
    }
    long began = System.nanoTime();
    client.ask().onSuccess(failed -> ended(began, failed.orElse(null)));
  }

  /**
   * @param wrong {@code null} = it has answered
   */
  private void ended(long began, ProbeFailure wrong) {
    if (stopped) {
      return;
    }
    boolean alive = wrong == null;
    boolean sure;
    if (alive) {
      failedSince.clear();
      sure = true;
    } else {
      failedSince.addLast(began);
      sure = failedSince.size() >= target.settings().failures();
    }
    if (alive || sure) {
      failure = wrong;
      found(began, alive);
    }
    if (sure) {
      probeAfter(target.settings().interval().toMillis());
    } else {
      vertx.runOnContext(atOnce -> probe());
    }
  }

  private void found(long began, boolean alive) {
    if (alive && up && !heard) {
      Alert end = alert(true);
      bus.publish(CanaryAddresses.ALERT_WELL, new JsonObject(end.fields()));
    }
    heard = true;
    if (alive != up) {
      up = alive;
      log.info("Probe of {}: {}", provider.label(), alive ? "up again" : "down, " + failure.why());
      bus.publish(ProviderAddresses.PROBE_STATE, json());
      bus.publish(CanaryAddresses.ALERT, new JsonObject(alert(alive).fields()));
    }
    if (alive) {
      tell(ProviderAddresses.PROBE_UP, began);
    } else {
      tell(ProviderAddresses.PROBE_DOWN, failedSince.removeFirst());
    }
  }

  private Alert alert(boolean alive) {
    String sentence =
        alive
            ? "Provider %s answers its probe again.".formatted(provider.label())
            : "Provider %s is down, after %d failed probes in a row: %s%s."
                .formatted(provider.label(), failedSince.size(), failure.why(), others());
    Alert.Kind kind = alive ? Alert.Kind.PROVIDER_UP : Alert.Kind.PROVIDER_DOWN;
    String subject = "provider " + provider.label();
    return Alert.of(kind, subject, sentence, System.currentTimeMillis());
  }

  /** The other providers: a person who is woken must know if anybody answers. */
  private String others() {
    return all.values().stream()
        .filter(each -> each.provider != provider)
        .map(each -> "; %s %s".formatted(each.provider.label(), each.word()))
        .collect(Collectors.joining());
  }

  private String word() {
    if (!up) {
      return "is down, too";
    }
    if (!failedSince.isEmpty()) {
      return "has failed its last probe";
    }
    return heard ? "answers" : "has not been probed yet";
  }

  private void tell(String address, long since) {
    JsonObject found = new JsonObject().put("provider", provider.label()).put("since", since);
    bus.publish(address, found);
  }
}
