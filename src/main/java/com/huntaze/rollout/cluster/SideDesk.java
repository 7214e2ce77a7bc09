package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.fleet.SideEvidence;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sides of a parted fleet at this replica: who judges for it, and the meeting of judges, in
 * which one tells the other what it has found until that is taken, once. Single-threaded.
 *
 * @param <A> the address of a member
 */
final class SideDesk<A> {
  private static final Logger log = LoggerFactory.getLogger(SideDesk.class);
  private static final long TELL_MILLIS = 1_000;
  private static final int MOST_MEETINGS = 64;

  private final String self;
  private final Peers<A> peers;
  private final Judge judge;
  private final BiConsumer<A, Frame> send;
  private final Sides sides;

  /** The meetings that other judges have told of; one that was taken is answered again. */
  private final Map<String, Future<?>> meetings = new LinkedHashMap<>();

  private Sides.Place place = new Sides.Place("", false, 1, "");

  /** For whom it was asked what was found here. */
  private String askedFor = "";

  /** The findings to tell, as they were when the meeting began. */
  private JsonObject found;

  private String meeting = "";
  private long counted;
  private long toldAt;

  /** The judge of this process. */
  interface Judge {
    /** Judges for a side from now on, or not, with a share of the rollout's wealth. */
    void place(boolean judges, double share);

    /** Returns what it has found for its side; fails if it judges for none. */
    Future<SideEvidence> found();

    /** Takes in what another side's has found. */
    Future<?> meet(SideEvidence evidence);
  }

  SideDesk(String self, Peers<A> peers, Judge judge, BiConsumer<A, Frame> send, long nowMillis) {
    this.self = self;
    this.peers = peers;
    this.judge = judge;
    this.send = send;
    sides = new Sides(self, nowMillis);
  }

  /**
   * The news of a turn.
   *
   * @param judge whether another one judges for this replica
   * @param ends whether this replica judges for no side any more
   */
  record News(boolean judge, boolean ends) {}

  /** A few times a second. */
  News tick(boolean leads, long nowMillis) {
    String leader = leads ? self : peers.leader(nowMillis).map(peers::replica).orElse("");
    Sides.Place now =
        sides.look(
            new Sides.View(
                leader, peers.sides(nowMillis), peers.blind(nowMillis), peers.unheard(nowMillis)),
            nowMillis);
    boolean news = now.judges() != place.judges() || now.share() != place.share();
    News told = new News(!now.judge().equals(place.judge()), place.judges() && !now.judges());
    place = now;
    if (news) {
      judge.place(place.judges(), place.share());
    }
    meet(nowMillis);
    return told;
  }

  private void meet(long nowMillis) {
    String other = place.meets();
    if (!other.equals(askedFor)) {
      askedFor = other;
      found = null;
      if (!other.isEmpty() && understands(other)) {
        ask(other);
      } else if (!other.isEmpty()) {
        // An earlier version: its judge takes the rows of this side as those of any member.
        sides.met();
      }
    }
    if (found != null && nowMillis - toldAt >= TELL_MILLIS) {
      toldAt = nowMillis;
      peers.of(other).ifPresent(to -> send.accept(to, Frame.of(Frame.Kind.SIDE, found)));
    }
  }

  private boolean understands(String other) {
    return peers.of(other).filter(peers.since(Frame.SIDES_SINCE)::contains).isPresent();
  }

  private void ask(String other) {
    judge
        .found()
        .onSuccess(
            evidence -> {
              if (askedFor.equals(other)) {
                meeting = self + "/" + ++counted;
                found = SideJson.write(meeting, evidence);
              }
            })
        .onFailure(
            nothing -> {
              log.debug("This replica has found nothing as the judge of a side", nothing);
              sides.met();
            });
  }

  /**
   * The findings of another side's judge, for who judges for others here.
   *
   * @throws IllegalArgumentException if they are none
   */
  void heard(A from, JsonObject body, boolean leads) {
    String id = SideJson.id(body);
    if (!judges(leads) || !id.startsWith(peers.replica(from) + "/")) {
      return;
    }
    Future<?> known = meetings.get(id);
    if (known == null) {
      known = judge.meet(SideJson.read(body));
      meetings.put(id, known);
      if (meetings.size() > MOST_MEETINGS) {
        meetings.remove(meetings.keySet().iterator().next());
      }
      known.onFailure(
          refused -> {
            log.warn("Evidence of another side is not taken in: {}", refused.getMessage());
            meetings.remove(id);
          });
      known.onSuccess(taken -> answer(from, id));
    } else if (known.succeeded()) {
      answer(from, id);
    }
  }

  private void answer(A to, String id) {
    send.accept(to, Frame.of(Frame.Kind.SIDE_TAKEN, new JsonObject().put("id", id)));
  }

  /** The answer of the judge that this one meets. */
  void taken(A from, JsonObject body) {
    boolean mine = found != null && SideJson.id(body).equals(meeting);
    if (mine && peers.replica(from).equals(askedFor)) {
      sides.met();
    }
  }

  /** Returns whether this replica judges for others, too. */
  boolean judges(boolean leads) {
    return leads || place.judges() && place.meets().isEmpty();
  }

  /** The one who judges for this replica, if that is another one whose frames are new enough. */
  Optional<A> judge(int minor, long nowMillis) {
    if (place.judge().isEmpty()) {
      return peers.leader(minor, nowMillis);
    }
    return place.judges() ? Optional.empty() : peers.of(place.judge());
  }

  /** Adds what the others must know of it. */
  JsonObject status(JsonObject status, long nowMillis) {
    return status.put("side", place.judge()).put("blind", sides.blind(nowMillis));
  }

  /** Adds what people are told of it. */
  JsonObject told(JsonObject told, boolean leads) {
    return told.put("side", place.judge().isEmpty() ? null : place.judge())
        .put("share", judges(leads) ? place.share() : null);
  }
}
