package com.huntaze.rollout.proxy;

import com.huntaze.rollout.request.Monotonic;
import io.vertx.core.Vertx;
import java.util.Arrays;

/**
 * The deadlines of all exchanges of one event loop, the nearest first, and one timer for all of
 * them. Nearly every deadline is taken back long before it comes, so that a timer for each exchange
 * would be made for nothing. Confined to its event loop.
 *
 * <p>Each exchange has at most one place in it, and gives it back when it ends: it holds no more
 * than there are exchanges.
 */
final class Deadlines {
  private static final int FIRST_PLACES = 64;

  private final Clock clock;

  /** A binary heap: nobody is due before the one at half its index. */
  private ExchangeTimer[] heap = new ExchangeTimer[FIRST_PLACES];

  private int size;

  /** The time at which the timer that is set comes; {@code Long.MAX_VALUE} = none is. */
  private long armedFor = Long.MAX_VALUE;

  /** Time, and one timer at a time that may be set again before it comes. */
  interface Clock {
    /** {@link Monotonic#millis}. */
    long millis();

    /** Has something run after so many milliseconds, in place of what was to run before. */
    void run(long afterMillis, Runnable work);
  }

  Deadlines(Clock clock) {
    this.clock = clock;
  }

  static Deadlines on(Vertx vertx) {
    return new Deadlines(new LoopClock(vertx));
  }

  private static final class LoopClock implements Clock {
    private final Vertx vertx;
    private long id = -1;

    LoopClock(Vertx vertx) {
      this.vertx = vertx;
    }

    @Override
    public long millis() {
      return Monotonic.millis();
    }

    @Override
    public void run(long afterMillis, Runnable work) {
      vertx.cancelTimer(id);
      id = vertx.setTimer(afterMillis, fired -> work.run());
    }
  }

  /** Takes in one that is not here, or moves one that is, to its time. */
  void place(ExchangeTimer timer) {
    if (timer.place < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      timer.place = size;
      heap[size] = timer;
      size++;
    }
    up(timer);
    down(timer);
    arm();
  }

  /** Forgets one, if it is here. The timer may come for nothing then, which costs less than it. */
  void remove(ExchangeTimer timer) {
    int at = timer.place;
    if (at < 0) {
      return;
    }
    timer.place = -1;
    size--;
    ExchangeTimer last = heap[size];
    heap[size] = null;
    if (last != timer) {
      heap[at] = last;
      last.place = at;
      up(last);
      down(last);
    }
  }

  /** Returns how many are waited for. */
  int size() {
    return size;
  }

  private void arm() {
    if (size == 0 || heap[0].at >= armedFor) {
      return;
    }
    armedFor = heap[0].at;
    clock.run(Math.max(1, armedFor - clock.millis()), this::fired);
  }

  private void fired() {
    armedFor = Long.MAX_VALUE;
    long now = clock.millis();
    try {
      while (size > 0 && heap[0].at <= now) {
        ExchangeTimer due = heap[0];
        remove(due);
        due.fired(now);
      }
    } finally {
      // Also when one of them has failed: the others still have their deadlines.
      arm();
    }
  }

  private void up(ExchangeTimer timer) {
    int at = timer.place;
    while (at > 0 && timer.at < heap[(at - 1) / 2].at) {
      move((at - 1) / 2, at);
      at = (at - 1) / 2;
    }
    heap[at] = timer;
    timer.place = at;
  }

  private void down(ExchangeTimer timer) {
    int at = timer.place;
    int child = smallerChild(at);
    while (child < size && heap[child].at < timer.at) {
      move(child, at);
      at = child;
      child = smallerChild(at);
    }
    heap[at] = timer;
    timer.place = at;
  }

  private int smallerChild(int at) {
    int left = 2 * at + 1;
    int right = left + 1;
    return right < size && heap[right].at < heap[left].at ? right : left;
  }

  private void move(int from, int to) {
    heap[to] = heap[from];
    heap[to].place = to;
  }
}
