package com.huntaze.rollout.tls;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.TlsSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
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
  private static final long POLL_MILLIS = 1_000;

  /** A certificate and its key are seldom replaced in the same moment. */
  private static final int POLLS_UNTIL_ALERT = 10;

  /** The key of the refusals that each file was told of last, process-wide. */
  private static final String TOLD = "rollout.certificates.told";

  private final Vertx vertx;
  private final Bus bus;
  private final String name;
  private final boolean listener;
  private final Supplier<TlsSettings> settings;
  private final Function<TlsSettings, Future<Void>> update;
  private final long timer;
  private String seen;

  /**
   * The reason why the files that were seen cannot be used; {@code null} = they can, or people have
   * been told.
   */
  private String refusal;

  private int pollsSince;
  private boolean looking;

  /**
   * Begins to watch.
   *
   * @param name of what has the certificate, for the log
   * @param settings the files of the moment, {@code null} = there are none
   * @param update puts them in force
   */
  public CertificateWatch(
      Vertx vertx,
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
    look(false);
    timer = vertx.setPeriodic(POLL_MILLIS, poll -> look(true));
  }

  /** Watches no more. */
  public void end() {
    vertx.cancelTimer(timer);
  }

  private void look(boolean acts) {
    TlsSettings tls = settings.get();
    if (tls == null || looking) {
      return;
    }
    looking = true;
    vertx
        .executeBlocking(() -> stamp(tls), false)
        .compose(stamp -> acts ? changed(tls, stamp) : first(stamp))
        .onComplete(ended -> looking = false);
  }

  private Future<Void> first(String stamp) {
    seen = stamp;
    return Future.succeededFuture();
  }

  private Future<Void> changed(TlsSettings tls, String stamp) {
    if (stamp.equals(seen)) {
      stillRefused();
      return Future.succeededFuture();
    }
    seen = stamp;
    refusal = null;
    return vertx
        .executeBlocking(() -> TlsFiles.problems(vertx, tls, listener), false)
        .compose(problems -> problems.isEmpty() ? update.apply(tls) : refused(problems))
        .onSuccess(done -> log.info("The certificates of {} are in force anew", name))
        .onFailure(
            failure -> {
              refusal = failure.getMessage();
              pollsSince = 0;
              log.error(
                  "The certificates of {} cannot be used, the old ones stay: {}", name, refusal);
            });
  }

  /** Files that stay unusable are somebody's mistake, who may not look into the log. */
  private void stillRefused() {
    if (refusal == null || ++pollsSince < POLLS_UNTIL_ALERT) {
      return;
    }
    // Each event loop watches the same files, and one tells.
    if (!seen.equals(
        vertx.sharedData().<String, String>getLocalMap(TOLD).put(bus.full(name), seen))) {
      String sentence =
          "New certificates of %s cannot be used, the old ones stay in force: %s"
              .formatted(name, refusal);
      Alert alert =
          Alert.of(
              Alert.Kind.CERTIFICATE_REFUSED,
              "certificates of " + name,
              sentence,
              System.currentTimeMillis());
      bus.publish(CanaryAddresses.ALERT, new JsonObject(alert.fields()));
    }
    refusal = null;
  }

  private static Future<Void> refused(List<Problem> problems) {
    return Future.failedFuture(
        problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
  }

  /** Changes when a file does, also when it is replaced by a link to another. */
  private static String stamp(TlsSettings tls) {
    return tls
        + Stream.of(tls.certificate(), tls.key(), tls.ca())
            .filter(Objects::nonNull)
            .map(CertificateWatch::stamp)
            .collect(Collectors.joining(";"));
  }

  private static String stamp(String file) {
    try {
      BasicFileAttributes of = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
      return of.lastModifiedTime() + ":" + of.size() + ":" + of.fileKey();
    } catch (IOException gone) {
      return "gone";
    }
  }
}
