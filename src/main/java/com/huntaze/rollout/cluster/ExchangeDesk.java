package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.window.SourceReport;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchanges of all members on their way to the leader's judge: a follower tells the leader of
 * its own once a second, and again what it has not taken; the leader hands on what comes. Who of
 * them leads is told with each call. It has no clock. Single-threaded.
 *
 * @param <A> the address of a member
 */
final class ExchangeDesk<A> {
  private static final Logger log = LoggerFactory.getLogger(ExchangeDesk.class);
  private static final long TELL_MILLIS = 1_000;

  /** Of all members, a second: with rows and claims of slots less than 1 MB at a hundred. */
  private static final int MOST_OF_ALL = 80_000;

  private static final int MOST_OF_ONE = 32_768;

  /** Batches that go to a leader a second, where it has missed some. */
  private static final int MOST_AT_ONCE = 3;

  private static final int MOST_AT_THE_END = 64;

  private final Peers<A> peers;
  private final OwnExchanges own;
  private final String source;
  private final Consumer<ExchangeBatch> judge;
  private final BiConsumer<A, Frame> send;
  private final Map<A, Integer> needs = new HashMap<>();
  private long toldAt = Long.MIN_VALUE / 2;
  private boolean lossTold;

  /**
   * @param source this process
   * @param judge the judge of this process
   * @param send sends a frame to a member
   */
  ExchangeDesk(
      String source, Peers<A> peers, Consumer<ExchangeBatch> judge, BiConsumer<A, Frame> send) {
    this.source = source;
    this.peers = peers;
    this.judge = judge;
    this.send = send;
    this.own = new OwnExchanges(source);
  }

  /** Exchanges of this process have ended. */
  void own(SourceReport report, long nowMillis) {
    own.add(report.compared(), report.served(), nowMillis);
  }

  /** Four times a second: the own judge hears each time where it is the fleet's. */
  void tick(boolean leads, long nowMillis) {
    if (leads || nowMillis - toldAt >= TELL_MILLIS) {
      tell(leads, nowMillis);
    }
  }

  private void tell(boolean leads, long nowMillis) {
    tell(leads, MOST_AT_ONCE, nowMillis);
  }

  /** This process leaves: whatever is not taken goes now, or never. */
  void leave(boolean leads, long nowMillis) {
    tell(leads, MOST_AT_THE_END, nowMillis);
  }

  private void tell(boolean leads, int most, long nowMillis) {
    toldAt = nowMillis;
    warn(own.lost());
    if (leads) {
      needs.keySet().retainAll(peers.all());
      own.common(needs.values().stream().mapToInt(each -> each).max().orElse(0));
      own.cut(Integer.MAX_VALUE, nowMillis);
      own.untold(Integer.MAX_VALUE, nowMillis).forEach(judge);
      return;
    }
    int room = Math.min(MOST_OF_ONE, MOST_OF_ALL / (peers.count() + 1));
    own.cut(room, nowMillis).ifPresent(judge);
    tellLeader(most, nowMillis);
  }

  private void tellLeader(int most, long nowMillis) {
    Optional<A> leader = peers.leader(Frame.EXCHANGES_SINCE, nowMillis);
    if (leader.isPresent()) {
      for (ExchangeBatch each : own.untold(most, nowMillis)) {
        JsonObject body = ExchangesJson.write(each, own.need());
        send.accept(leader.get(), Frame.of(Frame.Kind.EXCHANGES, body));
      }
    }
  }

  private void warn(long lost) {
    if (lost > 0 && !lossTold) {
      log.warn(
          "{} exchanges are left out of the comparison with legacy: the leader has not taken them",
          lost);
    }
    lossTold = lost > 0;
  }

  /**
   * A member's exchanges, for the leader.
   *
   * @throws IllegalArgumentException if it is nothing that a member tells
   */
  void heard(A from, JsonObject body, boolean leads, long nowMillis) {
    ExchangeBatch batch = ExchangesReader.read(body);
    int need = ExchangesReader.level(body);
    // No member speaks for another: a wrong number would hide the other one's exchanges for good.
    if (leads && isOf(from, batch.source()) && peers.exchanges(from, nowMillis)) {
      needs.put(from, need);
      judge.accept(batch);
    }
  }

  /** The own judge has the batches of a process up to one. */
  void taken(JsonObject taken, boolean leads, long nowMillis) {
    String of = taken.getString("source");
    long upTo = taken.getLong("to");
    if (leads && of.equals(source)) {
      own.taken(upTo, nowMillis);
    } else if (leads) {
      JsonObject body = new JsonObject().put("to", upTo).put("l", own.level());
      peers.all().stream()
          .filter(each -> isOf(each, of))
          .forEach(each -> send.accept(each, Frame.of(Frame.Kind.EXCHANGES_TAKEN, body)));
    }
  }

  private boolean isOf(A member, String process) {
    return process.equals(ClusterParts.source(peers.replica(member)));
  }

  /**
   * The leader's answer.
   *
   * @throws IllegalArgumentException if it is none
   */
  void answered(A from, JsonObject body, boolean leads, long nowMillis) {
    int level = ExchangesReader.level(body);
    long upTo = ExchangesReader.number(body, "to");
    if (!leads && peers.leader(nowMillis).filter(from::equals).isPresent()) {
      own.common(level);
      own.taken(upTo, nowMillis);
    }
  }

  /** One user in so many is compared, by what this process knows. */
  long comparedOneIn() {
    return 1L << own.level();
  }
}
