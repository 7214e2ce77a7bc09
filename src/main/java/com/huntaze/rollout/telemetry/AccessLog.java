package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.exchange.ExchangeRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line per request to the logger {@value #LOGGER}, from a thread of its own: a request
 * only puts its account into a bounded queue. If what the logger writes to stalls, lines are
 * dropped and counted, and no request waits.
 */
public final class AccessLog implements AutoCloseable {
  /** The logger whose messages are the lines. */
  public static final String LOGGER = "rollout.access";

  private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
  private static final Logger lines = LoggerFactory.getLogger(LOGGER);
  private static final long POLL_MILLIS = 200;

  /** Lines of so long a while are written together: waking a thread costs more than a line. */
  private static final long BATCH_MILLIS = 10;

  private static final long FLUSH_MILLIS = 2_000;

  private final boolean clientAddress;
  private final BlockingQueue<ExchangeRecord> queue;
  private final Counter dropped;
  private final Thread writer = new Thread(this::run, "access-log");
  private final CountDownLatch closing = new CountDownLatch(1);

  public AccessLog(AccessLogSettings settings, MeterRegistry registry) {
    clientAddress = settings.clientAddress();
    queue = new ArrayBlockingQueue<>(settings.queue());
    dropped =
        Counter.builder("rollout.access.log.dropped")
            .description(
                "Lines of the access log that were dropped: the sink stalled, or a defect, which is logged.")
            .register(registry);
    writer.setDaemon(true);
    writer.start();
  }

  /** Has the line written some time; called on an event loop. */
  public void write(ExchangeRecord record) {
    if (!queue.offer(record)) {
      dropped.increment();
    }
  }

  private void run() {
    try {
      while (closing.getCount() > 0 || !queue.isEmpty()) {
        ExchangeRecord record = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (record != null) {
          writeAll(record);
          closing.await(BATCH_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeAll(ExchangeRecord first) {
    String line = null;
    for (ExchangeRecord record = first; record != null; record = queue.poll()) {
      String next = line(record);
      if (line != null && next != null) {
        lines.info(BatchAppender.FOLLOWS, line);
      }
      line = next == null ? line : next;
    }
    if (line != null) {
      lines.info(line);
    }
  }

  /** A line that cannot be made is dropped: all that follow still have to be written. */
  private String line(ExchangeRecord record) {
    try {
      return AccessLine.of(record, clientAddress);
    } catch (RuntimeException defect) {
      dropped.increment();
      log.error("A line of the access log could not be made, and is dropped", defect);
      return null;
    }
  }

  /** Writes what waits, for two seconds at most. Blocks. */
  @Override
  public void close() {
    closing.countDown();
    try {
      writer.join(FLUSH_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    writer.interrupt();
  }
}
