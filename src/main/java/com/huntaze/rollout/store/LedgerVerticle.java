package com.huntaze.rollout.store;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.Figure;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.cost.CostAddresses;
import com.huntaze.rollout.cost.CostLedger;
import com.huntaze.rollout.cost.Dimension;
import com.huntaze.rollout.cost.LedgerSnapshot;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the books over a restart, and answers those who ask for them. Books that cannot be written
 * stop nothing: they are kept in memory, and written when that is possible again.
 */
public final class LedgerVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(LedgerVerticle.class);
  private static final long WRITE_MILLIS = 5_000;

  private final CostLedger ledger;
  private final Path dir;
  private final LedgerFile file;
  private final Bus bus;
  private long written;
  private boolean failing;

  /**
   * @param ledger the books, still empty
   * @param dir where they are kept
   */
  public LedgerVerticle(Bus bus, CostLedger ledger, Path dir) {
    this.bus = bus;
    this.ledger = ledger;
    this.dir = dir;
    this.file = new LedgerFile(dir);
  }

  @Override
  public Future<?> start() {
    bus.serve(CostAddresses.GET, this::answer);
    bus.serve(FleetAddresses.COSTS_HERE, this::here);
    vertx.setPeriodic(WRITE_MILLIS, tick -> vertx.executeBlocking(this::write));
    return vertx.executeBlocking(
        () -> {
          restore();
          return null;
        });
  }

  private void restore() {
    try {
      LedgerSnapshot kept = file.open();
      if (kept != null) {
        ledger.restore(kept);
      }
    } catch (DamagedException damaged) {
      log.error(
          "Costs of earlier processes are lost: {} (expected: the file as it was written; it was"
              + " put aside as *.damaged)",
          damaged.getMessage());
    } catch (IOException unreadable) {
      failed(unreadable);
    }
  }

  private Void write() {
    if (!file.isOpen()) {
      restore();
    }
    long changes = ledger.changes();
    if (changes == written) {
      return null;
    }
    try {
      file.write(ledger.snapshot());
      written = changes;
      failing = false;
    } catch (IOException unwritable) {
      failed(unwritable);
    }
    return null;
  }

  private void failed(IOException cause) {
    if (!failing) {
      log.warn("Costs are kept in memory alone: {}", new StoreException(dir, cause).getMessage());
    }
    failing = true;
  }

  /** The books of all replicas, or where there is no cluster, or by request, this one's. */
  private Future<JsonObject> answer(Object body) {
    CostRequest request = CostRequest.read(body);
    Dimension by = request.by();
    JsonObject query = new JsonObject().put("by", by.label());
    Future<FleetFigures> others =
        request.ownAlone() ? FleetFigures.own(bus) : FleetFigures.ask(bus, Figure.COSTS, query);
    return others.map(
        asked -> {
          LedgerSnapshot sum =
              asked.sum(
                  ledger.snapshot().only(by),
                  told -> LedgerJson.readOfOthers(told).only(by),
                  LedgerSnapshot::plus);
          return asked.tell(CostsJson.of(sum, by));
        });
  }

  private Future<JsonObject> here(Object body) {
    Dimension by = CostRequest.read(body).by();
    return Future.succeededFuture(new JsonObject(LedgerJson.write(ledger.snapshot().only(by))));
  }

  @Override
  public Future<?> stop() {
    return vertx.executeBlocking(
        () -> {
          write();
          file.close();
          return null;
        });
  }
}
