package com.huntaze.rollout.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.List;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Writes to standard output as the console's appender does, but keeps lines that say that another
 * one {@link #FOLLOWS}: a system call a batch, and not one a line. What it writes at once ends with
 * a line's end, so lines of others come between lines only.
 *
 * <p>Decision 71 in {@code docs/decisions.md}.
 */
public final class BatchAppender extends OutputStreamAppender<ILoggingEvent> {
  /** A line with this marker is followed by another one at once. */
  static final Marker FOLLOWS = MarkerFactory.getMarker("FOLLOWS");

  private static final int BUFFER_BYTES = 8_192;

  @Override
  public void start() {
    setImmediateFlush(false);
    setOutputStream(new BufferedOutputStream(ConsoleTarget.SystemOut.getStream(), BUFFER_BYTES));
    super.start();
  }

  @Override
  protected void subAppend(ILoggingEvent event) {
    super.subAppend(event);
    List<Marker> markers = event.getMarkerList();
    if (markers == null || !markers.contains(FOLLOWS)) {
      flush();
    }
  }

  private void flush() {
    streamWriteLock.lock();
    try {
      getOutputStream().flush();
    } catch (IOException failed) {
      addError("Standard output could not be written", failed);
    } finally {
      streamWriteLock.unlock();
    }
  }
}
