package com.huntaze.rollout.app;

import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.admission.ClientKeys;
import com.huntaze.rollout.cluster.ClusterSettings;
import com.huntaze.rollout.cluster.OwnAddress;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.config.ProviderSettings;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.dns.Lookup;
import com.huntaze.rollout.doctor.AccessCheck;
import com.huntaze.rollout.doctor.AccessFacts;
import com.huntaze.rollout.doctor.BindCheck;
import com.huntaze.rollout.doctor.Check;
import com.huntaze.rollout.doctor.ConfigurationCheck;
import com.huntaze.rollout.doctor.DifferenceCheck;
import com.huntaze.rollout.doctor.MachineCheck;
import com.huntaze.rollout.doctor.PortCheck;
import com.huntaze.rollout.doctor.PricesCheck;
import com.huntaze.rollout.doctor.ProviderCheck;
import com.huntaze.rollout.doctor.ProviderTarget;
import com.huntaze.rollout.doctor.StateCheck;
import com.huntaze.rollout.doctor.StateFacts;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.ListenerSettings;
import com.huntaze.rollout.settings.TlsSettings;
import com.huntaze.rollout.store.StateInspection;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The list of {@code doctor}'s checks for a configuration. */
final class DoctorChecks {
  /** Header names that carry a credential, in lower case. */
  private static final Set<String> CREDENTIALS = Set.of("x-api-key", "api-key", "authorization");

  /** Longer than any healthy provider takes for its health. */
  private static final int ANSWER_MILLIS = 3_000;

  private final String file;
  private final Loaded loaded;
  private final Settings settings;
  private final Vertx vertx;
  private final String noNativeTransport;

  private DoctorChecks(String file, Loaded loaded, Vertx vertx) {
    this.file = file;
    this.loaded = loaded;
    this.vertx = vertx;
    this.noNativeTransport =
        vertx.isNativeTransportEnabled()
            ? null
            : String.valueOf(vertx.unavailableNativeTransportCause());
    this.settings = loaded.settings();
  }

  /** All of them, in the order of the report. */
  static List<Check> of(String file, Loaded loaded, Vertx vertx) {
    return new DoctorChecks(file, loaded, vertx).all();
  }

  private List<Check> all() {
    Path dir =
        settings.state().dir().isEmpty() ? null : Path.of(settings.state().dir()).toAbsolutePath();
    List<Check> checks = new ArrayList<>();
    checks.add(
        new ConfigurationCheck(file, settings.provider().label(), settings.simulate() != null)
            .check());
    checks.add(
        new PortCheck("data port", settings.server().host(), settings.server().port(), "--port")
            .check());
    checks.add(
        new PortCheck(
                "admin port", settings.admin().host(), settings.admin().port(), "--admin-port")
            .check());
    ListenerSettings scrape = settings.metrics().listener();
    if (scrape != null) {
      checks.add(
          new PortCheck("metrics port", scrape.host(), scrape.port(), "metrics.listener.port")
              .check());
    }
    ClusterSettings cluster = settings.cluster();
    if (cluster != null) {
      checks.add(new BindCheck(cluster.bind(), cluster.port(), OwnAddress::of).check());
    }
    if (settings.simulate() == null) {
      addProviders(checks);
    }
    checks.add(new AccessCheck(access()).check());
    PriceBook prices = PriceBook.of(loaded.prices());
    checks.add(
        new PricesCheck(settings.prices(), prices.models().size(), () -> unpriced(dir, prices))
            .check());
    checks.add(new StateCheck(dir, () -> facts(dir)).check());
    checks.add(machine(settings, noNativeTransport).check());
    return checks;
  }

  private void addProviders(List<Check> checks) {
    for (Provider provider : Provider.values()) {
      checks.add(
          new ProviderCheck(
                  target(provider), host -> Lookup.of(vertx, settings.dns(), host), ANSWER_MILLIS)
              .check());
    }
    checks.add(
        new DifferenceCheck(
                of(Provider.FOUNDRY).upstream().url(), of(Provider.LEGACY).upstream().url())
            .check());
  }

  private ProviderSettings of(Provider provider) {
    return provider == Provider.FOUNDRY
        ? settings.providers().foundry()
        : settings.providers().legacy();
  }

  private ProviderTarget target(Provider provider) {
    ProviderSettings of = of(provider);
    boolean foundryOnly =
        settings.provider() == ProviderMode.FOUNDRY && !settings.fallback().enabled();
    boolean inUse =
        provider == Provider.FOUNDRY ? settings.provider() != ProviderMode.LEGACY : !foundryOnly;
    return new ProviderTarget(
        provider.label(),
        of.upstream().url(),
        of.upstream().headers(),
        of.upstream().connect(),
        of.probe().path(),
        ca(of.upstream().tls()),
        inUse);
  }

  private static Path ca(TlsSettings tls) {
    return tls == null || tls.ca() == null ? null : Path.of(tls.ca());
  }

  private AccessFacts access() {
    String any = credential(Provider.FOUNDRY, false);
    String filled = credential(Provider.FOUNDRY, true);
    ClientKeys keys = ClientKeys.of(settings.auth(), settings.provider(), !filled.isEmpty());
    boolean told = settings.auth().clientKeys() != null;
    // Without a word from the configuration, keys that the proxy asks for are its own.
    boolean pass = told || !settings.auth().required();
    return new AccessFacts(
        !IpAddresses.isLoopback(settings.server().host()),
        settings.auth().required(),
        settings.auth().keys().size(),
        filled.isEmpty() ? any : filled,
        filled.isEmpty() && !any.isEmpty(),
        pass && keys.areFor(Provider.FOUNDRY),
        !credential(Provider.LEGACY, true).isEmpty(),
        pass && keys.areFor(Provider.LEGACY),
        told,
        !IpAddresses.isLoopback(settings.admin().host()),
        !settings.admin().tokens().isEmpty() || settings.admin().identity() != null,
        settings.admin().token().length());
  }

  /** The field with which the proxy shows itself to a provider; empty = it has none. */
  private String credential(Provider provider, boolean filled) {
    if (of(provider).upstream().token() != null) {
      return "Authorization, from providers.%s.token,".formatted(provider.label());
    }
    return of(provider).upstream().headers().entrySet().stream()
        .filter(field -> isCredential(field.getKey()))
        .filter(field -> !filled || !field.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private static boolean isCredential(String name) {
    return CREDENTIALS.contains(name.toLowerCase(Locale.ROOT));
  }

  private static Set<String> unpriced(Path dir, PriceBook prices) throws IOException {
    if (dir == null) {
      return Set.of();
    }
    return StateInspection.of(dir).unpriced().stream()
        .filter(model -> prices.listed(model).isEmpty())
        .collect(Collectors.toSet());
  }

  private static StateFacts facts(Path dir) throws IOException {
    StateInspection inspection = StateInspection.of(dir);
    return new StateFacts(inspection.damages(), inspection.standing());
  }

  /** The check of what the settings need of the machine. */
  static MachineCheck machine(Settings settings, String noNativeTransport) {
    long connections =
        (long) settings.server().maxConnections()
            + settings.providers().foundry().upstream().pool().maxConnections()
            + settings.providers().legacy().upstream().pool().maxConnections();
    return new MachineCheck(
        connections,
        BufferMemory.effective(settings.server().bufferBytesTotal()),
        Math.max(settings.server().replayBytes(), settings.server().holdJsonBytes()),
        noNativeTransport);
  }
}
