package com.huntaze.rollout.cluster;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The other members, and what they have last told of themselves. It has no clock and sends nothing:
 * times are monotonic milliseconds of the caller's. Single-threaded.
 *
 * @param <A> the address of a member
 */
final class Peers<A> {
  /** A leader who has told nothing for so long is none to forward an order to. */
  static final long HEARD_MILLIS = 3_000;

  /** A follower sends its rows once a second. */
  static final long ROWS_MILLIS = 5_000;

  /** Characters of a leader's words. */
  private static final int MOST_WORDS = 1_000;

  private static final long NEVER = -1;

  private final Map<A, Peer> peers = new LinkedHashMap<>();

  private final LostMembers lost = new LostMembers();

  private int leftInOrder;

  /** A member. */
  static final class Peer {
    private JsonObject status = new JsonObject();
    private long heardAt = NEVER;
    private long rowAt = NEVER;
    private long exchangesAt = NEVER;
    private String source;
    private int minor;
    private final long joinedAt;
    private long driftSince = NEVER;

    private Peer(long joinedAt) {
      this.joinedAt = joinedAt;
    }

    String replica() {
      return status.getString("replica", "");
    }

    private String place() {
      return status.getString("place", "");
    }

    private boolean isAt(Peer other) {
      return !place().isEmpty() && place().equals(other.place());
    }

    private boolean leads() {
      return status.getBoolean("leads", false);
    }

    private long term() {
      return status.getLong("term", 0L);
    }
  }

  /** The members are others: returns the sources of those that are gone. */
  List<String> members(List<A> others, long nowMillis) {
    List<String> gone = new ArrayList<>();
    peers
        .entrySet()
        .removeIf(
            each -> {
              boolean isGone = !others.contains(each.getKey());
              if (isGone) {
                leaves(each.getValue(), nowMillis);
              }
              if (isGone && each.getValue().source != null) {
                gone.add(each.getValue().source);
              }
              return isGone;
            });
    others.forEach(each -> peers.computeIfAbsent(each, unknown -> new Peer(nowMillis)));
    return gone;
  }

  private void leaves(Peer peer, long nowMillis) {
    boolean inOrder = peer.status.getBoolean("leaves", false);
    leftInOrder += inOrder ? 1 : 0;
    boolean taken = peers.values().stream().anyMatch(each -> each != peer && each.isAt(peer));
    if (!inOrder && !peer.replica().isEmpty() && !taken) {
      lost.add(peer.replica(), peer.place(), nowMillis);
    }
  }

  /** Looks whose configuration is another one, a few times a second. */
  void compare(String ownConfiguration, long nowMillis) {
    for (Peer peer : peers.values()) {
      if (!MemberJson.isOther(peer.status.getString("configuration"), ownConfiguration)) {
        peer.driftSince = NEVER;
      } else if (peer.driftSince == NEVER) {
        peer.driftSince = nowMillis;
      }
    }
    lost.look(nowMillis);
  }

  /** The replicas whose configuration has been another one for so long. */
  List<String> drifted(long millis, long nowMillis) {
    return peers.values().stream()
        .filter(peer -> peer.driftSince != NEVER && nowMillis - peer.driftSince >= millis)
        .map(Peer::replica)
        .toList();
  }

  /**
   * The replicas of which a leader misses rows, with the time since when.
   *
   * @param leadsSince nobody sends rows to one who does not lead
   */
  List<String> missing(long leadsSince, long nowMillis) {
    List<String> missing = new ArrayList<>();
    lost.each((replica, since) -> missing.add(words(replica, "gone", nowMillis - since)));
    for (Peer peer : peers.values()) {
      long expected = Math.max(leadsSince, peer.joinedAt);
      long since = Math.max(expected, peer.rowAt);
      long exchanges = Math.max(expected, peer.exchangesAt);
      if (nowMillis - since > ROWS_MILLIS) {
        missing.add(words(peer.replica(), "silent", nowMillis - since));
      } else if (nowMillis - exchanges > ROWS_MILLIS) {
        boolean earlier = peer.minor < Frame.EXCHANGES_SINCE;
        String what = earlier ? "of an earlier version without exchanges" : "without exchanges";
        missing.add(words(peer.replica(), what, nowMillis - exchanges));
      }
    }
    return missing;
  }

  private static String words(String replica, String what, long millis) {
    return replica + " " + what + " for " + millis / 1_000 + " s";
  }

  /** The members that are known, without this one: those that are gone included. */
  int known() {
    return peers.size() + lost.size();
  }

  /**
   * A member has told of itself.
   *
   * @param minor the version of its frames
   * @throws ClassCastException if a member of it is of another kind; nothing is kept then
   */
  void status(A from, JsonObject status, int minor, long nowMillis) {
    Peer peer = peers.get(from);
    MemberJson.described(status, "");
    status.getBoolean("leaves");
    status.getString("side");
    status.getBoolean("blind");
    status.getString("place");
    status.getLong("clock");
    if (peer != null) {
      peer.status = status;
      peer.minor = minor;
      lost.isBack(peer.replica(), peer.place());
      peer.heardAt = nowMillis;
    }
  }

  /** The replicas that are heard in a later minor version than this one's. */
  List<String> later(long nowMillis) {
    return heard(nowMillis).filter(peer -> peer.minor > Frame.MINOR).map(Peer::replica).toList();
  }

  /** Those to whom frames of this minor version mean anything. */
  List<A> since(int minor) {
    return peers.entrySet().stream()
        .filter(each -> each.getValue().minor >= minor)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Those whose figures cannot be asked for, and why: they are gone, or of an earlier version. */
  List<JsonObject> absent(int minor, long nowMillis) {
    List<JsonObject> absent = new ArrayList<>();
    lost.each(
        (replica, since) ->
            absent.add(
                Questions.missing(
                    replica, "gone for %d s".formatted((nowMillis - since) / 1_000))));
    peers.values().stream()
        .filter(peer -> peer.minor < minor)
        .forEach(
            peer ->
                absent.add(
                    Questions.missing(
                        peer.replica(),
                        peer.heardAt == NEVER ? "not heard yet" : "of an earlier version")));
    return absent;
  }

  /** The members that figures are asked of: all, or the leader alone. */
  Questions.Members<A> asked(boolean leader, long nowMillis) {
    int minor = Frame.FIGURES_SINCE;
    if (!leader) {
      return new Questions.Members<>(since(minor), absent(minor, nowMillis), this::replica);
    }
    List<A> leads = leader(minor, nowMillis).stream().toList();
    return new Questions.Members<>(leads, List.of(), this::replica);
  }

  /** The leader that is heard, if frames of this minor version mean anything to it. */
  Optional<A> leader(int minor, long nowMillis) {
    return leader(nowMillis).filter(leader -> peers.get(leader).minor >= minor);
  }

  /** Takes note of a member's row; returns whether it is one, and speaks for itself. */
  boolean row(A from, String source, long nowMillis) {
    Peer peer = peers.get(from);
    if (peer == null || !source.equals(ClusterParts.source(peer.replica()))) {
      return false;
    }
    peer.source = source;
    peer.rowAt = nowMillis;
    return true;
  }

  /** Takes note of a member's exchanges; returns whether it is a member. */
  boolean exchanges(A from, long nowMillis) {
    Peer peer = peers.get(from);
    if (peer != null) {
      peer.exchangesAt = nowMillis;
    }
    return peer != null;
  }

  /** Returns the sources that rows have come of, and forgets them. */
  List<String> forgetRows() {
    List<String> sources = new ArrayList<>();
    peers
        .values()
        .forEach(
            peer -> {
              peer.exchangesAt = NEVER;
              if (peer.source != null) {
                sources.add(peer.source);
                peer.source = null;
                peer.rowAt = NEVER;
              }
            });
    return sources;
  }

  /** The leader of the largest term that is heard. */
  Optional<A> leader(long nowMillis) {
    A found = null;
    long term = Long.MIN_VALUE;
    for (Map.Entry<A, Peer> each : peers.entrySet()) {
      Peer peer = each.getValue();
      if (peer.leads() && isHeard(peer, nowMillis) && peer.term() > term) {
        found = each.getKey();
        term = peer.term();
      }
    }
    return Optional.ofNullable(found);
  }

  /** The members that are heard, and who judges the side of each; empty = the leader does. */
  Map<String, String> sides(long nowMillis) {
    Map<String, String> sides = new LinkedHashMap<>();
    heard(nowMillis).forEach(peer -> sides.put(peer.replica(), peer.status.getString("side", "")));
    return sides;
  }

  /** Those of them that say they hear no leader, and could judge. */
  Set<String> blind(long nowMillis) {
    return heard(nowMillis)
        .filter(peer -> peer.status.getBoolean("blind", false))
        .map(Peer::replica)
        .collect(Collectors.toSet());
  }

  private Stream<Peer> heard(long nowMillis) {
    return peers.values().stream().filter(peer -> isHeard(peer, nowMillis));
  }

  /** The members that are known and are not heard: silent, or gone without having said so. */
  List<String> unheard(long nowMillis) {
    List<String> unheard = lost.replicas();
    peers.values().stream()
        .filter(peer -> peer.heardAt != NEVER && !isHeard(peer, nowMillis))
        .forEach(peer -> unheard.add(peer.replica()));
    return unheard;
  }

  /**
   * The members with the least names among those that are heard, so many at most.
   *
   * @param minor the least version of their frames
   */
  List<A> first(int most, int minor, long nowMillis) {
    return heard(nowMillis)
        .filter(peer -> peer.minor >= minor)
        .map(Peer::replica)
        .sorted()
        .limit(most)
        .flatMap(replica -> of(replica).stream())
        .toList();
  }

  /** The member that is a replica. */
  Optional<A> of(String replica) {
    return peers.entrySet().stream()
        .filter(each -> each.getValue().replica().equals(replica))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  long leaderTerm(long nowMillis) {
    return leader(nowMillis).map(each -> peers.get(each).term()).orElse(0L);
  }

  /** The words of the leader that is heard on what comes next; empty = it has none. */
  String leaderSays(long nowMillis) {
    String words =
        leader(nowMillis).map(each -> peers.get(each).status.getString("next")).orElse("");
    return words.substring(0, Math.min(MOST_WORDS, words.length()));
  }

  private static boolean isHeard(Peer peer, long nowMillis) {
    return peer.heardAt != NEVER && nowMillis - peer.heardAt <= HEARD_MILLIS;
  }

  /**
   * The reading of a member's clock of monotonic milliseconds, as it told it, and the time since: a
   * moment ago there, by as long as the telling took. Empty = it does not tell, or is none.
   */
  OptionalLong clock(A of, long nowMillis) {
    Peer peer = peers.get(of);
    Long told = peer == null ? null : peer.status.getLong("clock");
    return told == null ? OptionalLong.empty() : OptionalLong.of(told + nowMillis - peer.heardAt);
  }

  String replica(A of) {
    return peers.containsKey(of) ? peers.get(of).replica() : "";
  }

  int count() {
    return peers.size();
  }

  /** The other members that are there. */
  Set<A> all() {
    return Set.copyOf(peers.keySet());
  }

  /** Returns how many have left in order since the call before. */
  int leftInOrder() {
    int left = leftInOrder;
    leftInOrder = 0;
    return left;
  }

  /** Each as people see it, with the age of what it has told. */
  List<JsonObject> told(long nowMillis, String ownConfiguration) {
    return peers.values().stream().map(peer -> told(peer, nowMillis, ownConfiguration)).toList();
  }

  private static JsonObject told(Peer peer, long nowMillis, String ownConfiguration) {
    return MemberJson.described(peer.status, ownConfiguration)
        .put("self", false)
        .put("stale", !isHeard(peer, nowMillis))
        .put("ageMillis", age(peer.heardAt, nowMillis))
        .put("rowAgeMillis", age(peer.rowAt, nowMillis))
        .put("exchangesAgeMillis", age(peer.exchangesAt, nowMillis));
  }

  private static Long age(long at, long nowMillis) {
    return at == NEVER ? null : Long.valueOf(Math.max(0, nowMillis - at));
  }
}
