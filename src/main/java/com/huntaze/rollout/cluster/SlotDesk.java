package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.fleet.SlotAnswers;
import com.huntaze.rollout.judge.fleet.SlotClaim;
import com.huntaze.rollout.judge.fleet.SlotClaims;
import com.huntaze.rollout.judge.fleet.SlotOwner;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The slots that this process claims, on their way to the leader and back, and those that it grants
 * as the leader. A claim is six bytes on its way, and none says who the user is. Single-threaded.
 */
final class SlotDesk {
  /** Of all members, four times a second: with their rows less than 1 MB/s at a hundred members. */
  private static final int MOST_OF_ALL = 12_800;

  private static final int MOST_OF_ONE = 1_024;
  private static final int MOST_WAITING = 4_096;
  private static final int MOST_UNANSWERED = 64;
  private static final int BYTES = 6;

  private final Deque<SlotClaim> waiting = new ArrayDeque<>();
  private final Map<Long, List<SlotClaim>> asked = new LinkedHashMap<>();
  private final SlotOwner owner = new SlotOwner();
  private long batch;

  /** Takes the claims of this process; returns those that are refused for want of room. */
  SlotAnswers take(SlotClaims claims) {
    int room = Math.min(claims.claims().size(), MOST_WAITING - waiting.size());
    waiting.addAll(claims.claims().subList(0, room));
    List<SlotClaim> tooMany = claims.claims().subList(room, claims.claims().size());
    return new SlotAnswers(List.of(), tooMany);
  }

  /** Decides, as the leader, on all that this process claims. */
  SlotAnswers decide(long nowMillis) {
    List<SlotClaim> granted = new ArrayList<>();
    List<SlotClaim> refused = new ArrayList<>();
    for (SlotClaim each : waiting) {
      (owner.grants(SlotOwner.mark(each), nowMillis) ? granted : refused).add(each);
    }
    waiting.clear();
    return new SlotAnswers(granted, refused);
  }

  /** Grants all that this process claims: nobody is there to be asked. */
  SlotAnswers grantAll() {
    SlotAnswers all = SlotAnswers.granted(List.copyOf(waiting));
    waiting.clear();
    return all;
  }

  /**
   * The question to the leader now; more waits for the next time.
   *
   * @param members of the cluster, who share the leader's line
   */
  Optional<JsonObject> next(int members) {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    int room = Math.max(1, Math.min(MOST_OF_ONE, MOST_OF_ALL / members));
    List<SlotClaim> sent = new ArrayList<>();
    while (sent.size() < room && !waiting.isEmpty()) {
      sent.add(waiting.removeFirst());
    }
    byte[] marks = new byte[sent.size() * BYTES];
    for (int i = 0; i < sent.size(); i++) {
      write(SlotOwner.mark(sent.get(i)), marks, i * BYTES);
    }
    asked.put(++batch, sent);
    if (asked.size() > MOST_UNANSWERED) {
      asked.remove(asked.keySet().iterator().next());
    }
    return Optional.of(new JsonObject().put("id", batch).put("claims", marks));
  }

  /** The leader's answer to one of those. */
  SlotAnswers answered(JsonObject answer) {
    BitSet first = BitSet.valueOf(answer.getBinary("granted", new byte[0]));
    List<SlotClaim> sent = asked.remove(answer.getLong("id", 0L));
    List<SlotClaim> granted = new ArrayList<>();
    List<SlotClaim> refused = new ArrayList<>();
    if (sent != null) {
      for (int i = 0; i < sent.size(); i++) {
        (first.get(i) ? granted : refused).add(sent.get(i));
      }
    }
    return new SlotAnswers(granted, refused);
  }

  /**
   * Answers, as the leader, what another member asks.
   *
   * @throws IllegalArgumentException if it is nothing that a member asks
   */
  JsonObject answer(JsonObject of, long nowMillis) {
    byte[] marks = of.getBinary("claims", new byte[0]);
    if (marks.length % BYTES != 0 || marks.length > MOST_OF_ONE * BYTES) {
      throw new IllegalArgumentException(
          "claims: %d bytes (expected: %d each, at most %d of them)"
              .formatted(marks.length, BYTES, MOST_OF_ONE));
    }
    BitSet first = new BitSet();
    for (int i = 0; i < marks.length / BYTES; i++) {
      first.set(i, owner.grants(read(marks, i * BYTES), nowMillis));
    }
    return new JsonObject().put("id", of.getLong("id", 0L)).put("granted", first.toByteArray());
  }

  private static void write(long mark, byte[] to, int at) {
    for (int i = 0; i < BYTES; i++) {
      to[at + i] = (byte) (mark >>> Byte.SIZE * (BYTES - 1 - i));
    }
  }

  private static long read(byte[] from, int at) {
    long mark = 0;
    for (int i = 0; i < BYTES; i++) {
      mark = mark << Byte.SIZE | Byte.toUnsignedLong(from[at + i]);
    }
    return mark;
  }
}
