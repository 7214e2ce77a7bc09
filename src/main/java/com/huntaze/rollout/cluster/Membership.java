package com.huntaze.rollout.cluster;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.cluster.Frame.Kind;
import com.huntaze.rollout.judge.fleet.SlotAnswers;
import com.huntaze.rollout.judge.fleet.SlotClaims;
import com.huntaze.rollout.judge.window.SourceReport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This replica among the members: what it tells them and what it does with what they tell, on one
 * context. Followers send the leader their rows and forward their orders; the leader hands rows to
 * its judge; news go to all and are heard of all.
 *
 * @param <A> the address of a member
 */
final class Membership<A> {
  private static final Logger log = LoggerFactory.getLogger(Membership.class);
  private static final long TELL_MILLIS = 1_000;

  private final ClusterParts parts;
  private final Bus bus;

  /** Sends a frame to a member, {@code null} = to all others. */
  private final BiConsumer<A, byte[]> send;

  private final LongSupplier clock;
  private final Peers<A> peers = new Peers<>();
  private final OwnRows rows;
  private final Orders orders;
  private final Ratings<A> ratings;
  private final Questions<A> questions;
  private final SlotDesk slots = new SlotDesk();
  private final LimitDesk<A> limits;
  private final ExchangeDesk<A> exchanges;
  private final WatchDesk<A> watch;
  private final SideDesk<A> sides;
  private final Deputies<A> deputies;
  private long leadsSince;
  private boolean leaves;
  private String place = "";

  /** Turns the clock into one that all members roughly have in common. */
  private final long wallMillis;

  private JsonObject lead = new JsonObject();
  private long toldAt;
  private final ClusterMeters meters;
  private boolean majorTold;

  Membership(Vertx vertx, ClusterParts parts, BiConsumer<A, byte[]> send) {
    this(vertx, parts, send, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }

  /**
   * @param clock monotonic milliseconds
   */
  Membership(Vertx vertx, ClusterParts parts, BiConsumer<A, byte[]> send, LongSupplier clock) {
    this.parts = parts;
    this.bus = parts.bus();
    this.send = send;
    this.clock = clock;
    this.rows = new OwnRows(ClusterParts.source(parts.replicaId()));
    this.orders = new Orders(vertx, bus, parts.replicaId());
    ratings = new Ratings<>(vertx, bus, parts.replicaId());
    questions = new Questions<>(vertx, bus, parts.replicaId(), peers::asked, clock);
    limits = new LimitDesk<>(parts.limits(), parts.replicaId(), peers);
    exchanges =
        new ExchangeDesk<>(
            rows.source(), peers, batch -> bus.publish(FleetAddresses.EXCHANGES, batch), this::to);
    watch = new WatchDesk<>(parts, peers, clock.getAsLong());
    sides = new SideDesk<>(parts.replicaId(), peers, new SideBus(bus), this::to, clock.getAsLong());
    deputies =
        new Deputies<>(
            parts.replicaId(), peers, this::to, rows -> bus.publish(FleetAddresses.ROWS, rows));
    wallMillis = System.currentTimeMillis() - clock.getAsLong();
    toldAt = clock.getAsLong() - TELL_MILLIS;
    meters = new ClusterMeters(parts.registry());
  }

  /**
   * Listens to this process.
   *
   * @param place where only one process can be at a time
   */
  void listen(String place) {
    this.place = place;
    bus.hear(CanaryAddresses.ROWS, SourceReport.class, this::own);
    bus.hear(FleetAddresses.SLOTS, SlotClaims.class, this::claimed);
    bus.hear(
        FleetAddresses.EXCHANGES_TAKEN,
        JsonObject.class,
        taken -> exchanges.taken(taken, leads(), clock.getAsLong()));
    bus.hear(FleetAddresses.LEAD, JsonObject.class, this::lead);
    bus.hear(
        FleetAddresses.NEWS,
        JsonObject.class,
        news -> {
          to(null, Frame.of(Kind.NEWS, news));
          askLead();
        });
    bus.serve(FleetAddresses.FORWARD, this::forward);
    bus.serve(
        FleetAddresses.RATE,
        body -> ratings.ask((JsonObject) body, peers.since(Frame.RATINGS_SINCE), this::to));
    bus.serve(FleetAddresses.FIGURES, body -> questions.ask((JsonObject) body, leads(), this::to));
    bus.serve(
        FleetAddresses.GET,
        body -> {
          Bodies.none(body);
          return Future.succeededFuture(told());
        });
    askLead();
  }

  private void askLead() {
    bus.<JsonObject>ask(FleetAddresses.LEAD_GET, null, TELL_MILLIS).onSuccess(this::lead);
  }

  private boolean leads() {
    return lead.getBoolean("leads", false);
  }

  private void lead(JsonObject now) {
    boolean led = leads();
    boolean news = !now.equals(lead);
    lead = now;
    if (!led && leads()) {
      leadsSince = clock.getAsLong();
    }
    if (led && !leads()) {
      retire(peers.forgetRows());
    }
    if (news) {
      tell();
    }
  }

  private void retire(List<String> sources) {
    sources.forEach(
        source ->
            bus.publish(
                FleetAddresses.ROWS,
                new SourceReport(source, List.of(), List.of(), List.of(), true)));
  }

  private void own(SourceReport report) {
    rows.take(report);
    exchanges.own(report, clock.getAsLong());
  }

  /** Four times a second: the own judge hears each time, the leader when there is reason to. */
  void tick() {
    long now = clock.getAsLong();
    SideDesk.News news = sides.tick(leads(), now);
    if (news.ends() && !leads()) {
      retire(peers.forgetRows());
    }
    if (news.judge()) {
      tell();
    }
    deputies.tick(leads(), now);
    bus.publish(FleetAddresses.ROWS, rows.report());
    if (leads()) {
      rows.due(now).ifPresent(due -> deputies.tell(due, now));
    } else {
      sides
          .judge(0, now)
          .ifPresent(judge -> rows.due(now).ifPresent(due -> to(judge, Frame.of(Kind.ROWS, due))));
    }
    exchanges.tick(leads(), now);
    slots(now);
    limits.tick(now).ifPresent(demands -> to(null, Frame.of(Kind.DEMANDS, demands)));
    meters.limits(parts.limits().all());
    watch.look(leads(), sides.judges(leads()), leadsSince, now);
    meters.missing(peers.unheard(now).size());
    if (now - toldAt >= TELL_MILLIS) {
      askLead();
      tell();
    }
  }

  /** The other members that are there. */
  int others() {
    return peers.count();
  }

  /** The term that the leader tells of itself, another one than this; 0 = none is heard. */
  long leadersTerm() {
    return leads() ? 0 : peers.leaderTerm(clock.getAsLong());
  }

  /** Twenty times a second: what cannot wait for a quarter of one. */
  void look() {
    limits.look(clock.getAsLong(), this::to);
  }

  private void claimed(SlotClaims claims) {
    tell(slots.take(claims));
    if (sides.judges(leads())) {
      tell(slots.decide(common()));
    }
  }

  /** The judge of all grants slots; where none is heard that can, each replica does its own. */
  private void slots(long now) {
    boolean judges = sides.judges(leads());
    Optional<A> judge = judges ? Optional.empty() : sides.judge(Frame.SLOTS_SINCE, now);
    if (judge.isEmpty()) {
      tell(judges ? slots.decide(common()) : slots.grantAll());
      return;
    }
    slots.next(peers.count() + 1).ifPresent(asked -> to(judge.get(), Frame.of(Kind.SLOTS, asked)));
  }

  private void tell(SlotAnswers answers) {
    if (!answers.isEmpty()) {
      bus.publish(FleetAddresses.SLOTS_ANSWERED, answers);
    }
  }

  private long common() {
    return clock.getAsLong() + wallMillis;
  }

  /** Tells all that this one leaves in order, and the leader the rest. */
  void leave() {
    long now = clock.getAsLong();
    leaves = true;
    tell();
    bus.publish(FleetAddresses.ROWS, rows.report());
    exchanges.leave(leads(), now);
    if (!leads()) {
      peers
          .leader(now)
          .ifPresent(
              leader -> rows.rest(now).ifPresent(rest -> to(leader, Frame.of(Kind.ROWS, rest))));
    }
  }

  private void tell() {
    toldAt = clock.getAsLong();
    to(null, Frame.of(Kind.STATUS, status()));
  }

  private JsonObject status() {
    JsonObject own =
        lead.copy()
            .put("replica", parts.replicaId())
            .put("build", parts.version())
            .put("leaves", leaves)
            .put("place", place)
            .put("clock", clock.getAsLong())
            .put("configuration", parts.configuration().get());
    return sides.status(own, clock.getAsLong());
  }

  private void to(A member, Frame frame) {
    if (member == null && peers.count() == 0) {
      return;
    }
    try {
      send.accept(member, frame.encode());
    } catch (IllegalArgumentException tooLarge) {
      meters.dropped();
      log.warn("Not sent to other replicas: {}", tooLarge.getMessage());
    }
  }

  /** The members are others. */
  void members(List<A> others) {
    List<String> gone = peers.members(others, clock.getAsLong());
    if (sides.judges(leads())) {
      retire(gone);
    }
    meters.members(others.size() + 1);
    log.info("Members of the cluster, this one included: {}", others.size() + 1);
    tell();
  }

  /** A frame has come, from anybody who was let in. */
  void received(A from, byte[] bytes) {
    try {
      Frame.decode(bytes).ifPresentOrElse(frame -> take(from, frame), meters::dropped);
    } catch (Frame.StrangeFrameException strange) {
      meters.dropped();
      if (strange.major() > 0 && !majorTold) {
        majorTold = true;
        log.warn("Frames of another replica are not taken: {}", strange.getMessage());
      }
    } catch (IllegalArgumentException | ClassCastException strange) {
      meters.dropped();
      log.debug("A frame is not taken: {}", strange.getMessage());
    }
  }

  private void take(A from, Frame frame) {
    JsonObject body = frame.body();
    switch (frame.kind()) {
      case STATUS -> peers.status(from, body, frame.minor(), clock.getAsLong());
      case ROWS -> rows(from, RowsJson.read(body));
      case NEWS -> bus.publish(FleetAddresses.HEARD, body);
      case ORDER -> orders.carryOut(body, clock.getAsLong(), answer -> to(from, answer));
      case REPLY -> orders.answered(body);
      case SLOTS -> slots(from, body);
      case SLOTS_ANSWER -> tell(slots.answered(body));
      case EXCHANGES -> exchanges.heard(from, body, leads(), clock.getAsLong());
      case EXCHANGES_TAKEN -> exchanges.answered(from, body, leads(), clock.getAsLong());
      case DEMANDS -> limits.heard(from, body);
      case RATE -> ratings.rate(body, answer -> to(from, answer));
      case BORROW -> to(from, limits.asked(body));
      case LENT -> limits.lent(from, body, clock.getAsLong(), this::to);
      case SIDE -> sides.heard(from, body, leads());
      case SIDE_TAKEN -> sides.taken(from, body);
      case KEPT -> deputies.heard(from, body, leads(), clock.getAsLong());
      case ASK -> questions.answer(body, leads(), answer -> to(from, answer));
      case TOLD -> questions.answered(from, body);
      case RATED -> ratings.answered(from, body);
      default -> throw new AssertionError(frame.kind());
    }
  }

  /** Only a judge for others takes them: one who is none any more would hear them go stale. */
  private void rows(A from, SourceReport report) {
    if (sides.judges(leads()) && peers.row(from, report.source(), clock.getAsLong())) {
      bus.publish(FleetAddresses.ROWS, report);
    }
  }

  /** One who leads no more is not answered for: nobody knows what the next one has granted. */
  private void slots(A from, JsonObject asked) {
    if (sides.judges(leads())) {
      to(from, Frame.of(Kind.SLOTS_ANSWER, slots.answer(asked, common())));
    }
  }

  private Future<JsonObject> forward(Object body) {
    if (!(body instanceof JsonObject order)) {
      throw new IllegalArgumentException("body: not a JSON object (expected: {\"command\": …})");
    }
    Optional<A> leader = peers.leader(clock.getAsLong());
    return leader.map(to -> forward(order, to)).orElseGet(() -> Orders.noLeader(peers.count()));
  }

  private Future<JsonObject> forward(JsonObject order, A leader) {
    OptionalLong asked = peers.clock(leader, clock.getAsLong());
    return orders.forward(order, peers.replica(leader), asked, frame -> to(leader, frame));
  }

  private JsonObject told() {
    long now = clock.getAsLong();
    String configuration = parts.configuration().get();
    JsonArray members =
        new JsonArray()
            .add(
                MemberJson.described(status(), configuration)
                    .put("self", true)
                    .put("stale", false)
                    .put("ageMillis", 0)
                    .put("rowAgeMillis", 0)
                    .put("exchangesAgeMillis", 0));
    peers.told(now, configuration).forEach(members::add);
    String leader =
        leads() ? parts.replicaId() : peers.leader(now).map(peers::replica).orElse(null);
    JsonObject told =
        new JsonObject()
            .put("name", parts.settings().name())
            .put("lease", parts.settings().lease())
            .put("leader", leader)
            .put("dropped", meters.allDropped())
            .put("comparedOneIn", exchanges.comparedOneIn())
            .put("missing", new JsonArray(peers.unheard(now)))
            .put("members", members);
    return sides.told(told, leads());
  }
}
