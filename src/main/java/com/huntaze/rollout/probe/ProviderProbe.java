package com.huntaze.rollout.probe;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.tls.TlsOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The probe of one provider: one request at a time, the next after the interval, or at once while
 * it is not yet sure that the provider is down. Any answer below 500 is a sign of life.
 */
final class ProviderProbe {
  private static final Logger log = LoggerFactory.getLogger(ProviderProbe.class);
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
  private static final int FIRST_FAILURE_STATUS = 500;

  private final Vertx vertx;
  private final WebClient client;
  private final Provider provider;
  private final ProbeTarget target;

  /** When the latest failed probes in a row began, at most as many as are needed to be sure. */
  private final Deque<Long> failedSince = new ArrayDeque<>();

  private volatile boolean up;
  private boolean stopped;

  /**
   * @param up what is taken for true until the first answer
   */
  ProviderProbe(Vertx vertx, Provider provider, ProbeTarget target, boolean up) {
    this.vertx = vertx;
    this.provider = provider;
    this.target = target;
    this.up = up;
    client = WebClient.create(vertx, TlsOptions.verify(options(), target.tls()));
  }

  private WebClientOptions options() {
    return new WebClientOptions()
        .setKeepAlive(false)
        .setFollowRedirects(false)
        // A request's own time-out ends with the head; a body may fall silent, too.
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout((int) target.settings().timeout().toMillis());
  }

  /** Begins after one interval, for what is only just starting may take a moment. */
  void start() {
    probeAfter(target.settings().interval().toMillis());
  }

  void stop() {
    stopped = true;
    client.close();
  }

  private void probeAfter(long millis) {
    vertx.setTimer(Math.max(1, millis), next -> probe());
  }

  boolean up() {
    return up;
  }

  JsonObject json() {
    return new JsonObject().put("provider", provider.label()).put("up", up);
  }

  private void probe() {
    if (stopped) {
      return;
    }
    long began = System.nanoTime();
    HttpUrl url = target.url();
    HttpRequest<Buffer> request =
        client
            .request(HttpMethod.GET, url.port(), url.host(), url.path() + target.settings().path())
            .ssl(url.secure())
            .timeout(target.settings().timeout().toMillis());
    target
        .headers()
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                request.putHeader(name, value);
              }
            });
    request
        .send()
        .timeout(target.settings().timeout().toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            answer -> ended(began, answer.statusCode() < FIRST_FAILURE_STATUS),
            failure -> ended(began, false));
  }

  private void ended(long began, boolean alive) {
    if (stopped) {
      return;
    }
    boolean sure;
    if (alive) {
      failedSince.clear();
      sure = true;
    } else {
      failedSince.addLast(began);
      sure = failedSince.size() >= target.settings().failures();
    }
    if (alive || sure) {
      found(began, alive);
    }
    if (sure) {
      probeAfter(target.settings().interval().toMillis());
    } else {
      vertx.runOnContext(atOnce -> probe());
    }
  }

  private void found(long began, boolean alive) {
    if (alive != up) {
      up = alive;
      log.info("Probe of {}: {}", provider.label(), alive ? "up again" : "down, it is silent");
      vertx.eventBus().publish(ProviderAddresses.PROBE_STATE, json());
      vertx.eventBus().publish(CanaryAddresses.ALERT, new JsonObject(alert(alive).fields()));
    }
    if (alive) {
      tell(ProviderAddresses.PROBE_UP, began);
    } else {
      tell(ProviderAddresses.PROBE_DOWN, failedSince.removeFirst());
    }
  }

  private Alert alert(boolean alive) {
    int limit = target.settings().failures();
    String sentence =
        alive
            ? "Recover provider %s: failed probes in a row 0 < %d"
                .formatted(provider.label(), limit)
            : "Lose provider %s: failed probes in a row %d >= %d"
                .formatted(provider.label(), failedSince.size(), limit);
    Alert.Kind kind = alive ? Alert.Kind.PROVIDER_UP : Alert.Kind.PROVIDER_DOWN;
    String subject = "provider " + provider.label();
    return Alert.of(kind, subject, sentence, System.currentTimeMillis());
  }

  private void tell(String address, long since) {
    JsonObject found = new JsonObject().put("provider", provider.label()).put("since", since);
    vertx.eventBus().publish(address, found, LOCAL);
  }
}
