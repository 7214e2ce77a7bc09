package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.huntaze.rollout.Waits;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Things that a test could leave behind in its own process: open file descriptors, and buffers that
 * Netty finds unreleased. Compares with the time at which it was made.
 */
final class Leftovers implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  /** Connections that a pool may keep, and those of the clients of the admin port. */
  private static final int ALLOWED = 12;

  private final Logger detector =
      (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class.getName());
  private final List<String> leaks = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getFormattedMessage().contains("LEAK")) {
            leaks.add(event.getFormattedMessage());
          }
        }
      };
  private final long descriptors;

  Leftovers() throws IOException {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    appender.start();
    detector.addAppender(appender);
    descriptors = descriptors();
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  /** Waits until the descriptors are as few as they were, and has leaks be found. */
  void areNone() throws IOException {
    Waits.until(
        () -> "open descriptors, " + descriptors + " before",
        Leftovers::descriptors,
        open -> open <= descriptors + ALLOWED,
        () -> Waits.pause(LOOK_EVERY));
    // Netty tells of a leak at the next allocation after the buffer was collected.
    System.gc();
    io.netty.buffer.ByteBufAllocator.DEFAULT.buffer(64).release();
    assertThat(leaks).isEmpty();
  }

  @Override
  public void close() {
    detector.detachAppender(appender);
  }
}
