package com.huntaze.rollout.simulate;

import java.util.Iterator;
import java.util.List;

/**
 * Sends a stream's events one by one at the pace of a model: the head and the preamble at once, the
 * first content after the time to first token, the end with the last content.
 */
final class EventStream {
  private final SimulatedExchange exchange;
  private final Iterator<StreamEvent> contents;
  private final List<StreamEvent> ending;

  private EventStream(
      SimulatedExchange exchange, List<StreamEvent> contents, List<StreamEvent> ending) {
    this.exchange = exchange;
    this.contents = contents.iterator();
    this.ending = ending;
  }

  /**
   * Starts a stream.
   *
   * @param preamble events before the model speaks
   * @param contents events with text, at least one
   * @param ending events that follow the last content without delay, at least one
   */
  static void start(
      SimulatedExchange exchange,
      List<StreamEvent> preamble,
      List<StreamEvent> contents,
      List<StreamEvent> ending) {
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
      int last = ending.size() - 1;
      send(ending.subList(0, last).iterator(), () -> exchange.lastEvent(ending.get(last)));
    }
  }

  private void send(Iterator<StreamEvent> events, Runnable next) {
    if (events.hasNext()) {
      exchange.event(events.next(), () -> send(events, next));
    } else {
      next.run();
    }
  }
}
