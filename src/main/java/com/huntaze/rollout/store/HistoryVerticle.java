package com.huntaze.rollout.store;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.history.HistoryAddresses;
import com.huntaze.rollout.history.HistoryPoints;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the judge of this replica said and saw, a row every five seconds, while it leads: a
 * follower judges a part of the traffic. Files are touched by worker threads alone.
 */
public final class HistoryVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(HistoryVerticle.class);
  private static final long ROW_MILLIS = 5_000;
  private static final long TIDY_MILLIS = 3_600_000;

  /** Each reads the files: more at once would only be slower. */
  private static final int MOST_READERS = 4;

  private final Bus bus;
  private final HistoryFiles files;
  private final boolean kept;
  private final boolean shared;
  private HistoryWriter writer;
  private JsonObject health;
  private JsonObject traffic;
  private int percentage;
  private boolean leads;
  private boolean toldOfDamage;
  private int readers;

  /**
   * @param dir the state directory
   * @param replicaId who writes
   * @param maxBytes the most that all files may take; 0 = nothing is kept
   * @param shared whether all replicas keep it in the same directory; else others are asked
   */
  public HistoryVerticle(Bus bus, Path dir, String replicaId, long maxBytes, boolean shared) {
    this.bus = bus;
    this.shared = shared;
    this.kept = maxBytes > 0;
    this.files = new HistoryFiles(dir.resolve("history"), replicaId, maxBytes);
  }

  @Override
  public Future<?> start() {
    writer = new HistoryWriter(vertx, files);
    bus.serve(HistoryAddresses.GET, this::answer);
    bus.serve(FleetAddresses.HISTORY_HERE, body -> here(body).map(HistoryJson::forAnother));
    tidy();
    vertx.setPeriodic(TIDY_MILLIS, hour -> tidy());
    if (kept) {
      bus.hear(CanaryAddresses.HEALTH, JsonObject.class, latest -> health = latest);
      bus.hear(HistoryAddresses.TRAFFIC, JsonObject.class, latest -> traffic = latest);
      bus.hear(FleetAddresses.LEAD, JsonObject.class, this::lead);
      vertx.setPeriodic(ROW_MILLIS, tick -> note());
      bus.<JsonObject>ask(FleetAddresses.LEAD_GET, null, ROW_MILLIS).onSuccess(this::lead);
      bus.hear(
          CanaryAddresses.STATE,
          JsonObject.class,
          state -> percentage = state.getInteger("percentage"));
    }
    return Future.succeededFuture();
  }

  /** Whoever leads, and whether anything is kept now: what is there grows too old all the same. */
  private void tidy() {
    vertx
        .executeBlocking(
            () -> {
              files.tidy(System.currentTimeMillis());
              return null;
            })
        .onFailure(
            failure ->
                log.warn(
                    "What is older than 14 days stays in {}, it is tried again in an hour: {}",
                    files.dir(),
                    failure.toString()));
  }

  private void lead(JsonObject now) {
    leads = now.getBoolean("leads");
    percentage = now.getInteger("percentage");
  }

  private void note() {
    if (leads && traffic != null) {
      writer.add(HistoryJson.row(System.currentTimeMillis(), percentage, health, traffic));
      traffic = null;
    }
    writer.write();
  }

  private Future<JsonObject> answer(Object body) {
    HistoryRequest asked = HistoryRequest.read(body, System.currentTimeMillis());
    return KeptHistory.told(bus, asked, here(asked.query()), shared);
  }

  /** The recorded points that this replica can read. */
  private Future<KeptHistory> here(Object body) {
    HistoryRequest asked = HistoryRequest.read(body, System.currentTimeMillis());
    if (!kept) {
      return Future.succeededFuture(KeptHistory.none(asked));
    }
    if (readers >= MOST_READERS) {
      return Future.failedFuture("%d others read the history (expected: less)".formatted(readers));
    }
    readers++;
    return vertx.executeBlocking(() -> read(asked), false).onComplete(done -> readers--);
  }

  private KeptHistory read(HistoryRequest asked) throws IOException {
    HistoryPoints points = KeptHistory.none(asked).points();
    long damaged = files.read(asked.from(), asked.to(), points);
    if (damaged > 0 && !toldOfDamage) {
      toldOfDamage = true;
      log.warn(
          "{} lines of the history in {} are damaged and passed over (expected: lines as they were"
              + " written)",
          damaged,
          files.dir());
    }
    return new KeptHistory(asked, points, damaged);
  }

  @Override
  public Future<?> stop() {
    return vertx.executeBlocking(
        () -> {
          files.close();
          return null;
        });
  }
}
