package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Orders to go on, given to several replicas at the same time, to each a share of its own. One says
 * that it has gone on (200), that it has not (409), or that it does not know (503).
 */
final class RacingOrders {
  /** The shares that may be in force: an order that holds is followed by later ones alone. */
  private final Set<Integer> possible = new HashSet<>();

  private final Map<Long, String> leaders = new HashMap<>();
  private int next;

  /**
   * @param share the one in force
   */
  RacingOrders(int share) {
    possible.add(share);
    next = share;
  }

  /** Asks each once; returns how many say that they have gone on. */
  int round(List<RolloutProcess> all) {
    note(all);
    Map<Integer, CompletableFuture<Integer>> asked = new HashMap<>();
    for (RolloutProcess each : all) {
      int share = ++next;
      asked.put(share, CompletableFuture.supplyAsync(() -> each.set(share).statusCode()));
    }
    Map<Integer, Integer> answers = new HashMap<>();
    asked.forEach((share, answer) -> answers.put(share, answer.join()));
    assertThat(answers.values()).isSubsetOf(200, 409, 503);
    int done = (int) answers.values().stream().filter(code -> code == 200).count();
    if (done > 0) {
      possible.clear();
    }
    answers.forEach(
        (share, code) -> {
          if (code != 409) {
            possible.add(share);
          }
        });
    return done;
  }

  /** A term has one leader, whenever it is looked at. */
  void note(List<RolloutProcess> all) {
    for (RolloutProcess each : all) {
      for (JsonObject member : Fleet.members(each)) {
        if (member.getBoolean("self") && member.getBoolean("leads")) {
          String replica = member.getString("replica");
          assertThat(leaders.merge(member.getLong("term"), replica, (one, other) -> one))
              .as("the leader of term %d", member.getLong("term"))
              .isEqualTo(replica);
        }
      }
    }
  }

  /** The shares of which one must be in force. */
  Set<Integer> possible() {
    return Set.copyOf(possible);
  }
}
