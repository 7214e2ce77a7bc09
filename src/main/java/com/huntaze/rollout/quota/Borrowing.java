package com.huntaze.rollout.quota;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests that a limit allows and another replica has not used. Parts of a small limit are a few
 * requests each, and where a balancer spreads by chance one part is used up while others lie idle:
 * of ten a second at ten replicas, half. So whoever has used up its own asks the others one after
 * the other. What is lent is taken from the lender, so that all of them together never let through
 * more. It has no clock: it is called twenty times a second. Single-threaded.
 *
 * @param <M> the address of another replica
 */
public final class Borrowing<M> {
  /** Others that are asked in a row, and then none for a while. */
  static final int IN_A_ROW = 8;

  static final long PAUSE_MILLIS = 250;

  /** Whoever has not answered by then has nothing. */
  static final long PATIENCE_MILLIS = 500;

  /** A limit that nobody has asked for so long does not borrow. */
  static final long IDLE_MILLIS = 2_000;

  /** Questions from one look to the next, whatever the number of limits. */
  static final int MOST_QUESTIONS = 16;

  private final Map<String, State> states = new HashMap<>();

  /** Since the last look. */
  private int asked;

  /** The limit with which the next look begins, so that each has its turn. */
  private int first;

  /**
   * A question to another replica.
   *
   * @param name the limit's
   * @param need thousandths of a request that are missing until one can pass
   * @param room as many could be taken up
   */
  public record Question<M>(M to, String name, long need, long room) {}

  /** The borrowing of one limit. */
  private final class State {
    private final SharedLimit limit;
    private long seen;
    private long usedAt;

    /** The place among the others of who is asked next: who has lent last is asked again. */
    private int next;

    /** {@code null} = nobody. */
    private M asked;

    private long askedAt;
    private int refused;
    private long notBefore;

    State(SharedLimit limit, long nowMillis) {
      this.limit = limit;
      seen = limit.asked();
      usedAt = nowMillis - IDLE_MILLIS;
    }

    private boolean isShort(long nowMillis) {
      if (limit.asked() != seen) {
        seen = limit.asked();
        usedAt = nowMillis;
      }
      if (asked != null && nowMillis - askedAt >= PATIENCE_MILLIS) {
        refused(nowMillis);
      }
      return asked == null
          && nowMillis >= notBefore
          && nowMillis - usedAt < IDLE_MILLIS
          && limit.free() < SharedLimit.REQUEST
          && limit.free() + limit.room() >= SharedLimit.REQUEST;
    }

    private Question<M> question(List<M> others, long nowMillis) {
      asked = others.get(Math.floorMod(next, others.size()));
      askedAt = nowMillis;
      long need = SharedLimit.REQUEST - limit.free();
      return new Question<>(asked, limit.name(), need, Math.max(need, limit.room()));
    }

    private void refused(long nowMillis) {
      asked = null;
      next++;
      refused++;
      if (refused >= IN_A_ROW) {
        pause(nowMillis);
      }
    }

    private void pause(long nowMillis) {
      refused = 0;
      notBefore = nowMillis + PAUSE_MILLIS;
    }
  }

  /** The questions that are to be asked now. */
  public List<Question<M>> look(List<SharedLimit> limits, List<M> others, long nowMillis) {
    List<Question<M>> questions = new ArrayList<>();
    asked = 0;
    forgetAllBut(limits);
    if (others.isEmpty()) {
      return questions;
    }
    for (int i = 0; i < limits.size(); i++) {
      SharedLimit limit = limits.get((first + i) % limits.size());
      boolean isShort = limit.lends() && state(limit, nowMillis).isShort(nowMillis);
      if (isShort && asked < MOST_QUESTIONS) {
        asked++;
        questions.add(state(limit, nowMillis).question(others, nowMillis));
      }
    }
    first = limits.isEmpty() ? 0 : (first + MOST_QUESTIONS) % limits.size();
    return questions;
  }

  private State state(SharedLimit limit, long nowMillis) {
    State state = states.get(limit.name());
    if (state == null || state.limit != limit) {
      state = new State(limit, nowMillis);
      states.put(limit.name(), state);
    }
    return state;
  }

  private void forgetAllBut(List<SharedLimit> limits) {
    if (states.size() > limits.size()) {
      Set<SharedLimit> all = new HashSet<>(limits);
      states.values().removeIf(each -> !all.contains(each.limit));
    }
  }

  /**
   * One who was asked has answered.
   *
   * @param count the thousandths of a request that it lends; 0 = it has not enough
   * @return the next question, if there is one
   */
  public Optional<Question<M>> lent(
      M from, String name, long count, List<M> others, long nowMillis) {
    State state = states.get(name);
    if (state == null || !from.equals(state.asked)) {
      return Optional.empty();
    }
    if (count > 0) {
      state.asked = null;
      state.refused = 0;
      state.limit.receive(count);
      return Optional.empty();
    }
    state.refused(nowMillis);
    if (state.refused >= others.size()) {
      state.pause(nowMillis);
    }
    if (others.isEmpty() || asked >= MOST_QUESTIONS || !state.isShort(nowMillis)) {
      return Optional.empty();
    }
    asked++;
    return Optional.of(state.question(others, nowMillis));
  }

  /**
   * Another one asks: returns what it gets, which this one has no more. That is what it needs, and
   * half of what this one has beyond its own next request.
   *
   * @param need thousandths of a request without which the rest is no use
   * @param room as many as it can take up
   */
  public static long lend(List<SharedLimit> limits, String name, long need, long room) {
    for (SharedLimit limit : limits) {
      if (limit.lends() && limit.name().equals(name)) {
        long beyond = limit.free() - need - SharedLimit.REQUEST;
        long lent = Math.min(room, need + beyond / 2);
        return need > 0 && lent >= need && beyond >= 0 && limit.give(lent) ? lent : 0;
      }
    }
    return 0;
  }
}
