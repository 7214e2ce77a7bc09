package com.huntaze.rollout.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Writes to standard output as the console's appender does, and takes the access log's lines as
 * bytes: a system call a batch and no event a line. What it writes at once ends with a line's end,
 * so lines of others come between lines only.
 *
 * <p>Decision 71 in {@code docs/decisions.md}.
 */
public final class BatchAppender extends OutputStreamAppender<ILoggingEvent> implements LineOutput {
  private static final int BUFFER_BYTES = 8_192;

  /** The pattern that makes of an event no more than its line. */
  private static final String LINE = "%msg%n";

  private final OutputStream target;

  /** Writes to standard output. */
  public BatchAppender() {
    this(ConsoleTarget.SystemOut.getStream());
  }

  BatchAppender(OutputStream target) {
    this.target = target;
  }

  /**
   * The appender to which a logger's lines can be written past Logback: the only one it has, with
   * nothing that would change or drop an event on its way.
   */
  static Optional<LineOutput> of(String loggerName) {
    if (!(LoggerFactory.getLogger(loggerName) instanceof Logger logger)
        || logger.isAdditive()
        || !logger.isInfoEnabled()
        || !logger.getLoggerContext().getTurboFilterList().isEmpty()) {
      return Optional.empty();
    }
    List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
    logger.iteratorForAppenders().forEachRemaining(appenders::add);
    return appenders.size() == 1 && appenders.get(0) instanceof BatchAppender only && only.isPlain()
        ? Optional.of(only)
        : Optional.empty();
  }

  private boolean isPlain() {
    return isStarted()
        && getCopyOfAttachedFiltersList().isEmpty()
        && getEncoder() instanceof PatternLayoutEncoder pattern
        && LINE.equals(pattern.getPattern());
  }

  @Override
  public void start() {
    setImmediateFlush(false);
    setOutputStream(new BufferedOutputStream(target, BUFFER_BYTES));
    super.start();
  }

  @Override
  protected void subAppend(ILoggingEvent event) {
    super.subAppend(event);
    flush();
  }

  @Override
  public void write(JsonLine line) {
    writing(out -> out.write(line.buffer(), 0, line.length()));
  }

  @Override
  public void flush() {
    writing(OutputStream::flush);
  }

  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  private void writing(Writing writing) {
    streamWriteLock.lock();
    try {
      writing.to(getOutputStream());
    } catch (IOException failed) {
      addError("Standard output could not be written", failed);
    } finally {
      streamWriteLock.unlock();
    }
  }
}
