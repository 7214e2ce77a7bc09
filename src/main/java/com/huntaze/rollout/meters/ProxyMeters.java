package com.huntaze.rollout.meters;

import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.http.ContentCoding;
import com.huntaze.rollout.http.ReadPace;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The request path's meters, of the whole process. All are looked up here once; a request only adds
 * to them. Every label has a fixed set of values.
 */
public final class ProxyMeters {
  private static final Logger log = LoggerFactory.getLogger(ProxyMeters.class);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger openConnections = new AtomicInteger();
  private final Map<Provider, PerProvider> providers = new EnumMap<>(Provider.class);
  private final Map<String, Counter> fallbacks = new ConcurrentHashMap<>();
  private final MeterRegistry registry;
  private final Counter refused;
  private final Counter leftEarly;
  private final Counter stalled;
  private final Counter tapFailures;
  private final Map<ContentCoding, Counter> unreadable = new EnumMap<>(ContentCoding.class);

  /** The endings of an exchange with a provider. */
  public enum Ending {
    COMPLETE,
    CLIENT_GONE,
    UPSTREAM_FAILED,
    /** Refused by us, before a provider was called or in the middle of its body. */
    REFUSED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in the log and in the metrics: {@code client_gone}. */
    public String label() {
      return label;
    }
  }

  private static final class PerProvider {
    private final Map<String, Counter> attempts = new ConcurrentHashMap<>();
    private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
    private final Counter retries;
    private final AtomicInteger connections = new AtomicInteger();

    private PerProvider(Provider provider, MeterRegistry registry) {
      retries =
          Counter.builder("rollout.retries")
              .description("Attempts that were made again at the same provider.")
              .tag("provider", provider.label())
              .register(registry);
      Gauge.builder("rollout.upstream.connections", connections, AtomicInteger::get)
          .description("Open connections to a provider.")
          .tag("provider", provider.label())
          .register(registry);
    }
  }

  public ProxyMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Provider provider : Provider.values()) {
      providers.put(provider, new PerProvider(provider, registry));
    }
    refused =
        Counter.builder("rollout.requests.refused")
            .description("Requests that were refused before any provider was called.")
            .register(registry);
    leftEarly =
        Counter.builder("rollout.requests.left.early")
            .description("Requests whose client left before any provider was called.")
            .register(registry);
    stalled =
        Counter.builder("rollout.clients.stalled")
            .description("Answers that were cut because their clients took nothing of them.")
            .register(registry);
    tapFailures =
        Counter.builder("rollout.usage.tap.failures")
            .description("Answers whose usage could not be read because of a defect.")
            .register(registry);
    for (ContentCoding coding : ContentCoding.values()) {
      if (coding != ContentCoding.IDENTITY) {
        unreadable.put(
            coding,
            Counter.builder("rollout.unreadable.responses")
                .description("Answers that were not judged or read, because of their coding.")
                .tag("encoding", coding.label())
                .register(registry));
      }
    }
    Gauge.builder("rollout.client.connections", openConnections, AtomicInteger::get)
        .description("Open connections of clients.")
        .register(registry);
    Gauge.builder("rollout.requests.in.flight", inFlight, AtomicInteger::get)
        .description("Requests that are being served.")
        .register(registry);
  }

  /** Shows how much of the memory for clients is used, and counts those that were given up. */
  public void watch(BufferMemory memory) {
    Gauge.builder("rollout.buffered.bytes", memory, BufferMemory::used)
        .description("Bytes that wait for clients, or are kept to be sent again.")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("rollout.buffered.limit", memory, BufferMemory::total)
        .description("The most bytes that may wait for clients.")
        .baseUnit("bytes")
        .register(registry);
  }

  /** A client took nothing of an answer for too long, and was given up. */
  public void gaveUp() {
    stalled.increment();
  }

  /** Returns the number of clients' connections that the process has open. */
  public AtomicInteger openConnections() {
    return openConnections;
  }

  /** Requests that are being served in the process. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Counts a request in, and returns how many the process serves now. */
  public int enter() {
    return inFlight.incrementAndGet();
  }

  /** Counts a request out that {@link #enter} has counted in. */
  public void leave() {
    inFlight.decrementAndGet();
  }

  /** Counts a request that was refused before any provider was called. */
  public void refused() {
    refused.increment();
  }

  /** An attempt ended. Outcomes have labels of a fixed set. */
  public void attempted(Provider provider, Outcome outcome) {
    Map<String, Counter> attempts = providers.get(provider).attempts;
    Counter known = attempts.get(outcome.label());
    if (known == null) {
      known = attempts.computeIfAbsent(outcome.label(), label -> attemptCounter(provider, label));
    }
    known.increment();
    if (outcome.status() / 100 == 4) {
      providers
          .get(provider)
          .refusals
          .computeIfAbsent(
              Statuses.label(outcome.status()), status -> refusalCounter(provider, status))
          .increment();
    }
  }

  private Counter refusalCounter(Provider provider, String status) {
    return Counter.builder("rollout.upstream.4xx")
        .description("Answers of a provider with a status of 400 to 499, by that.")
        .tag("provider", provider.label())
        .tag("status", status)
        .register(registry);
  }

  private Counter attemptCounter(Provider provider, String outcome) {
    return Counter.builder("rollout.attempts")
        .description("Attempts at a provider, by how they ended.")
        .tag("provider", provider.label())
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Counts an attempt that is made again at the same provider. */
  public void retried(Provider provider) {
    providers.get(provider).retries.increment();
  }

  /** Legacy is asked in Foundry's stead. */
  public void fellBack(Outcome outcome) {
    fallbacks
        .computeIfAbsent(
            outcome.label(),
            label ->
                Counter.builder("rollout.fallbacks")
                    .description("Requests that legacy was asked for in Foundry's stead, by why.")
                    .tag("reason", label)
                    .register(registry))
        .increment();
  }

  /** Reading an answer's usage failed, by a defect of ours; the first is told with its cause. */
  public void tapFailed(RuntimeException defect) {
    if (tapFailures.count() == 0) {
      log.error("Reading the usage of an answer failed; answers pass all the same", defect);
    }
    tapFailures.increment();
  }

  /** An answer passes that is compressed in a way that cannot be read, or inflates too far. */
  public void unreadable(ContentCoding coding) {
    unreadable.get(coding).increment();
  }

  /** A client left before a provider was called. */
  public void leftEarly() {
    leftEarly.increment();
  }

  /** Returns the handler of each new connection to a provider. */
  public Handler<HttpConnection> connections(Provider provider) {
    AtomicInteger open = providers.get(provider).connections;
    return connection -> {
      open.incrementAndGet();
      connection.closeHandler(closed -> open.decrementAndGet());
      ReadPace.apply(connection);
      // The exchange hears of it as well; without a handler each one would be a line in the log.
      connection.exceptionHandler(ignored -> {});
    };
  }
}
