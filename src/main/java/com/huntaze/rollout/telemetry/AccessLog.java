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

  private static final String LOGBACK = "ch.qos.logback.";

  private static final LineOutput EACH_LOGGED =
      new LineOutput() {
        @Override
        public void write(JsonLine line) {
          lines.info(AccessLine.text(line));
        }

        @Override
        public void flush() {
          // Each line is the logger's.
        }
      };

  /** A large odd number that spreads the ids that look alike over the whole range. */
  private static final int SPREAD = 0x9E3779B9;

  private static final double ALL = 0x1p32;

  private final AccessLine line;
  private final double share;
  private final BlockingQueue<ExchangeRecord> queue;
  private final Counter dropped;
  private final Thread writer = new Thread(this::run, "access-log");
  private final CountDownLatch closing = new CountDownLatch(1);

  public AccessLog(AccessLogSettings settings, MeterRegistry registry) {
    line = new AccessLine(settings.clientAddress());
    share = settings.share();
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
    if (wanted(record) && !queue.offer(record)) {
      dropped.increment();
    }
  }

  /** The id alone decides, so that all replicas and repeated attempts agree on it. */
  private boolean wanted(ExchangeRecord record) {
    if (share >= 1 || !AccessLine.success(record)) {
      return true;
    }
    int spread = record.correlationId().hashCode() * SPREAD;
    return Integer.toUnsignedLong(spread ^ spread >>> 16) / ALL < share;
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
    LineOutput output = output();
    for (ExchangeRecord record = first; record != null; record = queue.poll()) {
      JsonLine line = line(record);
      if (line != null) {
        output.write(line);
      }
    }
    output.flush();
  }

  /** A line that cannot be made is dropped: all that follow still have to be written. */
  private JsonLine line(ExchangeRecord record) {
    try {
      return line.write(record);
    } catch (RuntimeException defect) {
      dropped.increment();
      log.error("A line of the access log could not be made, and is dropped", defect);
      return null;
    }
  }

  /** The logger's own appender where it is ours; any other logger, or appender, gets each line. */
  private static LineOutput output() {
    // Who embeds the proxy may have no Logback: its classes are asked for only where it is there.
    boolean isLogback = LoggerFactory.getILoggerFactory().getClass().getName().startsWith(LOGBACK);
    return isLogback ? BatchAppender.of(LOGGER).orElse(EACH_LOGGED) : EACH_LOGGED;
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
