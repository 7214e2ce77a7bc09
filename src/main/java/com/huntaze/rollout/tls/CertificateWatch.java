package com.huntaze.rollout.tls;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.TlsSettings;
import com.huntaze.rollout.watch.FileWatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts new certificates in force when their files change, without a restart: new connections get
 * them, old ones keep theirs. Files that cannot be read, or of which only one has changed yet,
 * leave the old ones in force. Lives on the context that it was started on.
 */
public final class CertificateWatch {
  private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);

  /** A certificate and its key are seldom replaced in the same moment. */
  private static final long MILLIS_UNTIL_ALERT = 10_000;

  /** The key of the refusals that each file was told of last, process-wide. */
  private static final String TOLD = "rollout.certificates.told";

  private final Vertx vertx;
  private final Bus bus;
  private final String name;
  private final boolean listener;
  private final Supplier<TlsSettings> settings;
  private final Function<TlsSettings, Future<Void>> update;
  private final FileWatch.Watched files;

  /** {@code null} = there are no files. */
  private TlsSettings inForce;

  /** The look of the files; {@code null} = as it was when they were put in force. */
  private String seen;

  /** Until people are told that the files cannot be used; -1 = they can. */
  private long alarm = -1;

  private boolean updating;
  private boolean ended;

  /**
   * Begins to watch.
   *
   * @param watch the process's watch of files
   * @param name of what has the certificate, for the log
   * @param settings the files of the moment, {@code null} = there are none
   * @param update puts them in force
   */
  public CertificateWatch(
      Vertx vertx,
      FileWatch watch,
      Bus bus,
      String name,
      boolean listener,
      Supplier<TlsSettings> settings,
      Function<TlsSettings, Future<Void>> update) {
    this.vertx = vertx;
    this.bus = bus;
    this.name = name;
    this.listener = listener;
    this.settings = settings;
    this.update = update;
    this.files = watch.watch(this::changed);
    follow();
  }

  /**
   * Watches the files that the settings name by now.
   *
   * @return when a listener has them, or keeps those before because they have become bad since they
   *     were checked; never fails. Whoever connects makes its connections by other settings itself
   */
  public Future<Void> follow() {
    TlsSettings before = inForce;
    inForce = settings.get();
    files.files(
        inForce == null
            ? Set.of()
            : Stream.of(inForce.certificate(), inForce.key(), inForce.ca())
                .filter(Objects::nonNull)
                .map(Path::of)
                .toList());
    boolean others = listener && before != null && inForce != null && !before.equals(inForce);
    return others ? update.apply(inForce).recover(failure -> again()) : Future.succeededFuture();
  }

  /** They were good a moment ago: looked at once more, and told of if they are not. */
  private Future<Void> again() {
    changed("");
    return Future.succeededFuture();
  }

  /** Watches no more. */
  public void end() {
    ended = true;
    files.end();
    vertx.cancelTimer(alarm);
  }

  private void changed(String now) {
    seen = now;
    TlsSettings tls = settings.get();
    if (tls == null || updating || ended) {
      return;
    }
    vertx.cancelTimer(alarm);
    updating = true;
    vertx
        .executeBlocking(() -> TlsFiles.problems(vertx, tls, listener), false)
        .compose(problems -> problems.isEmpty() ? update.apply(tls) : refused(problems))
        .onSuccess(done -> log.info("The certificates of {} are in force anew", name))
        .onFailure(failure -> refused(now, failure.getMessage()))
        .onComplete(
            done -> {
              updating = false;
              if (!now.equals(seen)) {
                changed(seen);
              }
            });
  }

  private void refused(String files, String reason) {
    log.error("The certificates of {} cannot be used, the old ones stay: {}", name, reason);
    if (!ended) {
      alarm = vertx.setTimer(MILLIS_UNTIL_ALERT, still -> tell(files, reason));
    }
  }

  /** Files that stay unusable are somebody's mistake, who may not look into the log. */
  private void tell(String files, String reason) {
    // Each event loop watches the same files, and one tells.
    if (files.equals(
        vertx.sharedData().<String, String>getLocalMap(TOLD).put(bus.full(name), files))) {
      return;
    }
    String sentence =
        "New certificates of %s cannot be used, the old ones stay in force: %s"
            .formatted(name, reason);
    Alert alert =
        Alert.of(
            Alert.Kind.CERTIFICATE_REFUSED,
            "certificates of " + name,
            sentence,
            System.currentTimeMillis());
    bus.publish(CanaryAddresses.ALERT, new JsonObject(alert.fields()));
  }

  private static Future<Void> refused(List<Problem> problems) {
    return Future.failedFuture(
        problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
  }
}
