package com.huntaze.rollout.store;

import com.huntaze.rollout.history.HistoryRow;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows on their way to the history's files, on one context; worker threads write them. */
final class HistoryWriter {
  private static final Logger log = LoggerFactory.getLogger(HistoryWriter.class);

  /** Rows for a directory that cannot be written: ten minutes of them. */
  private static final int MOST_WAITING = 120;

  private static final int ROWS_PER_FORCE = 12;

  private final Vertx vertx;
  private final HistoryFiles files;
  private final Deque<HistoryRow> waiting = new ArrayDeque<>();
  private boolean writing;
  private boolean failing;
  private int unforced;

  HistoryWriter(Vertx vertx, HistoryFiles files) {
    this.vertx = vertx;
    this.files = files;
  }

  /** Takes a row; where too many wait the oldest is lost. */
  void add(HistoryRow row) {
    waiting.addLast(row);
    if (waiting.size() > MOST_WAITING) {
      waiting.removeFirst();
    }
  }

  /** Writes what waits, unless that is under way. */
  void write() {
    if (!writing && !waiting.isEmpty()) {
      writing = true;
      next();
    }
  }

  /** One after the other; a row is forgotten when it is written. */
  private void next() {
    HistoryRow row = waiting.peekFirst();
    if (row == null) {
      writing = false;
      return;
    }
    vertx
        .executeBlocking(
            () -> {
              files.write(row);
              if (++unforced >= ROWS_PER_FORCE) {
                unforced = 0;
                files.force();
              }
              return null;
            })
        .onComplete(
            done -> {
              waiting.remove(row);
              healed();
              next();
            },
            failure -> {
              writing = false;
              failed(failure);
            });
  }

  private void healed() {
    if (failing) {
      log.info("The history is kept in {} again", files.dir());
    }
    failing = false;
  }

  private void failed(Throwable cause) {
    if (!failing) {
      String why =
          cause instanceof IOException unwritable
              ? new StoreException(files.dir(), unwritable).getMessage()
              : cause.toString();
      log.warn("The history of the charts is not kept, it is tried again every 5 s: {}", why);
    }
    failing = true;
  }
}
