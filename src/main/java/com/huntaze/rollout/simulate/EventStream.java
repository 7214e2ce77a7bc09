package com.huntaze.rollout.simulate;

import java.util.Iterator;
import java.util.List;

/**
 * Sends a stream's events one by one at the pace of a model: the head and the preamble at once, the
 * first content after the time to first token, the end with the last content.
 */
final class EventStream {
  private static final String DONE = "[DONE]";

  private final SimulatedExchange exchange;
  private final Iterator<String> contents;
  private final List<String> ending;

  private EventStream(SimulatedExchange exchange, List<String> contents, List<String> ending) {
    this.exchange = exchange;
    this.contents = contents.iterator();
    this.ending = ending;
  }

  /**
   * Starts a stream; {@code [DONE]} follows the ending.
   *
   * @param preamble events before the model speaks
   * @param contents events with text, at least one
   * @param ending events that follow the last content without delay
   */
  static void start(
      SimulatedExchange exchange,
      List<String> preamble,
      List<String> contents,
      List<String> ending) {
    EventStream stream = new EventStream(exchange, contents, ending);
    exchange.beginEvents();
    stream.send(
        preamble.iterator(),
        () -> exchange.after(exchange.tempo().firstTokenMillis(), stream::nextContent));
  }

  private void nextContent() {
    exchange.event(contents.next(), this::afterContent);
  }

  private void afterContent() {
    if (contents.hasNext()) {
      exchange.after(exchange.tempo().nextTokenMillis(), this::nextContent);
    } else {
      send(ending.iterator(), () -> exchange.lastEvent(DONE));
    }
  }

  private void send(Iterator<String> events, Runnable next) {
    if (events.hasNext()) {
      exchange.event(events.next(), () -> send(events, next));
    } else {
      next.run();
    }
  }
}
