package com.huntaze.rollout.judge.fleet;

import com.huntaze.rollout.judge.window.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One source's exchanges that wait for the slot of their user: the first of the process, of which
 * it is not known yet whether it is the fleet's. The claim is made when the exchange begins, so
 * that the answer does not depend on what becomes of it. Single-threaded.
 */
public final class ClaimedSlots {
  /** More at once are no samples: a lost one does no harm. */
  static final int MOST = 4_096;

  /** Without an answer for so long, a process goes by what it knows itself. */
  static final long LONGEST_MILLIS = 5_000;

  /** In the order in which they began. */
  private final Map<SlotClaim, Waiting> waiting = new LinkedHashMap<>();

  private final List<SlotClaim> untold = new ArrayList<>();

  /** Time counts from when the claim was told: before that nobody can have answered it. */
  private record Waiting(Observation exchange, long toldMillis) {}

  /** An exchange begins that is the first of its user in the process's slot. */
  public void claim(SlotClaim claim, Observation exchange) {
    if (waiting.size() < MOST) {
      exchange.awaitSlot();
      waiting.put(claim, new Waiting(exchange, Long.MAX_VALUE));
      untold.add(claim);
    }
  }

  /** The claims since the call before, which are told now. */
  public Optional<SlotClaims> take(long nowMillis) {
    if (untold.isEmpty()) {
      return Optional.empty();
    }
    SlotClaims claims = new SlotClaims(untold);
    for (SlotClaim claim : untold) {
      waiting.computeIfPresent(claim, (same, found) -> new Waiting(found.exchange(), nowMillis));
    }
    untold.clear();
    return Optional.of(claims);
  }

  /** The answers to claims of the process, of whichever source. */
  public void answered(SlotAnswers answers) {
    answers.granted().forEach(claim -> end(claim, true));
    answers.refused().forEach(claim -> end(claim, false));
  }

  private void end(SlotClaim claim, boolean granted) {
    Waiting found = waiting.remove(claim);
    if (found != null) {
      found.exchange().slot(granted);
    }
  }

  /** Grants what nobody has answered. */
  public void sweep(long nowMillis) {
    Iterator<Waiting> all = waiting.values().iterator();
    while (all.hasNext()) {
      Waiting oldest = all.next();
      if (nowMillis - oldest.toldMillis() < LONGEST_MILLIS) {
        return;
      }
      all.remove();
      oldest.exchange().slot(true);
    }
  }

  /** Grants all that waits: nobody is asked any more. */
  public void end() {
    Map<SlotClaim, Waiting> left = new HashMap<>(waiting);
    waiting.clear();
    untold.clear();
    left.values().forEach(each -> each.exchange().slot(true));
  }
}
