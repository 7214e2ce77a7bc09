package com.huntaze.rollout.app;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.config.ConfigChange;
import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.EffectiveConfig;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.settings.ConfigAddresses;
import com.huntaze.rollout.settings.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts changed configurations in the running one's place, each as a whole: what is refused changes
 * nothing, and log, metric, alert and event say why.
 */
final class Reloads {
  /** The cause of a reload that nobody asked for: an address is asked again and again. */
  static final String ASKED = "address";

  private static final Logger log = LoggerFactory.getLogger(Reloads.class);

  private final Vertx vertx;
  private final Bus bus;
  private final String file;
  private final Reconfiguration running;
  private final ReloadMeters meters;
  private ConfigException refusedLast;
  private int revision;
  private Instant loadedAt = Instant.now();

  /**
   * @param file what the configuration is called where it is refused
   */
  Reloads(Vertx vertx, Bus bus, String file, Reconfiguration running, MeterRegistry registry) {
    this.vertx = vertx;
    this.bus = bus;
    this.file = file;
    this.running = running;
    this.meters = new ReloadMeters(registry, System::currentTimeMillis);
  }

  /** The configuration in force, secrets masked. */
  JsonObject effective() {
    return ConfigReports.effective(running.loaded(), revision, loadedAt);
  }

  /**
   * Puts a configuration in force, or says why not; never fails.
   *
   * @param unasked whether nothing says that it is another one than before: what is refused as it
   *     was is not told again
   */
  Future<JsonObject> next(String cause, Future<Loaded> newer, boolean unasked) {
    return newer
        .compose(loaded -> TlsCheck.of(vertx, loaded))
        .compose(loaded -> take(cause, loaded))
        .recover(failure -> Future.succeededFuture(refuse(cause, failure, unasked)));
  }

  /** The files by which one that was refused last might be taken after all. */
  Set<Path> awaited() {
    return refusedLast == null ? Set.of() : refusedLast.files();
  }

  private Future<JsonObject> take(String cause, Loaded newer) {
    List<ConfigChange> changes = EffectiveConfig.changes(running.loaded(), newer);
    List<Problem> against = NeedsRestart.problems(running.loaded().settings(), newer.settings());
    if (!against.isEmpty()) {
      return Future.failedFuture(new ConfigException(against));
    }
    if (changes.isEmpty()) {
      running.readAgain(newer);
      return Future.succeededFuture(taken(cause, changes));
    }
    return running.apply(newer).map(done -> taken(cause, changes));
  }

  private JsonObject taken(String cause, List<ConfigChange> changes) {
    refusedLast = null;
    if (changes.isEmpty()) {
      meters.unchanged();
      log.debug("Configuration read again ({}): it is as it runs", cause);
      return ConfigReports.applied(cause, revision, loadedAt, changes);
    }
    revision++;
    loadedAt = Instant.now();
    meters.applied(loadedAt.toEpochMilli());
    log.info(
        "Configuration in force ({}), revision {}: {}",
        cause,
        revision,
        changes.stream().map(ConfigChange::toString).collect(Collectors.joining("; ")));
    JsonObject report = ConfigReports.applied(cause, revision, loadedAt, changes);
    bus.publish(ConfigAddresses.CHANGED, report);
    return report;
  }

  private JsonObject refuse(String cause, Throwable failure, boolean unasked) {
    ConfigException refused = ConfigSource.explained(failure);
    boolean known =
        unasked && refusedLast != null && refused.problems().equals(refusedLast.problems());
    refusedLast = refused;
    if (!known || cause.equals(ASKED)) {
      meters.refused();
    }
    Instant now = Instant.now();
    JsonObject report = ConfigReports.refused(cause, now, refused);
    if (known) {
      // An address is asked every few seconds: it would be told every few seconds.
      return report;
    }
    log.error(
        "Configuration refused ({}), the running one stays: {}",
        cause,
        refused.problems().stream().map(Problem::toString).collect(Collectors.joining("; ")));
    bus.publish(ConfigAddresses.REFUSED, report);
    bus.publish(
        CanaryAddresses.ALERT,
        new JsonObject(RefusedConfiguration.alert(file, refused, now.toEpochMilli()).fields()));
    return report;
  }
}
