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
 * its own once a second, and again what it has not taken; the leader hands on what comes, and tells
 * its deputies of its own. Who of them leads is told with each call. It has no clock.
 * Single-threaded.
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
  private final ExchangeDeputies<A> deputies;
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
    this.deputies = new ExchangeDeputies<>(source, peers, judge, send);
  }

  /** Exchanges of this process have ended. */
  void own(SourceReport report, long nowMillis) {
    own.add(report.compared(), report.served(), nowMillis);
  }

  /** Four times a second: the own judge hears each time where nobody else does. */
  void tick(boolean leads, long nowMillis) {
    if (nowMillis - toldAt >= TELL_MILLIS || leads && deputies.isAlone(nowMillis)) {
      tell(leads, nowMillis);
    }
    deputies.tick(own.kept(), leads, nowMillis);
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
    warn(own.kept().lost());
    if (leads) {
      needs.keySet().retainAll(peers.all());
      own.common(needs.values().stream().mapToInt(each -> each).max().orElse(0));
      // Its deputies hear them over a line like any other's.
      own.cut(deputies.isAlone(nowMillis) ? Integer.MAX_VALUE : room(), nowMillis);
      own.kept().untold(Integer.MAX_VALUE, nowMillis).forEach(judge);
      return;
    }
    own.cut(room(), nowMillis).ifPresent(judge);
    tellLeader(most, nowMillis);
  }

  private int room() {
    return Math.min(MOST_OF_ONE, MOST_OF_ALL / (peers.count() + 1));
  }

  private void tellLeader(int most, long nowMillis) {
    Optional<A> leader = peers.leader(Frame.EXCHANGES_SINCE, nowMillis);
    if (leader.isPresent()) {
      for (ExchangeBatch each : own.kept().untold(most, nowMillis)) {
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
    if (!isOf(from, batch.source())) {
      deputies.heardOfAnother(from, batch, leads, nowMillis);
    } else if (!leads) {
      deputies.keep(from, batch, nowMillis);
    } else if (peers.exchanges(from, nowMillis)) {
      needs.put(from, need);
      judge.accept(batch);
    }
  }

  /** The own judge has the batches of a process up to one. */
  void taken(JsonObject taken, boolean leads, long nowMillis) {
    String of = taken.getString("source");
    long upTo = taken.getLong("to");
    if (leads && of.equals(source)) {
      own.kept().taken(upTo, nowMillis);
    } else if (leads) {
      JsonObject body = new JsonObject().put("to", upTo).put("l", own.level());
      deputies.taken(of, body, nowMillis);
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
    if (leads || peers.leader(nowMillis).filter(from::equals).isEmpty()) {
      return;
    }
    if (body.containsKey(ExchangeDeputies.OF)) {
      deputies.answered(body.getString(ExchangeDeputies.OF), upTo, nowMillis);
    } else {
      own.common(level);
      own.kept().taken(upTo, nowMillis);
    }
  }

  /** One user in so many is compared, by what this process knows. */
  long comparedOneIn() {
    return 1L << own.level();
  }
}
