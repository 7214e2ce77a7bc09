package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrdersIT {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, "");
  private final Orders follower = new Orders(vertx, bus, "follower");
  private final Orders leader = new Orders(vertx, bus, "leader");
  private final List<JsonObject> carriedOut = new CopyOnWriteArrayList<>();
  private final List<Frame> answers = new CopyOnWriteArrayList<>();

  OrdersIT() {
    bus.serve(
        FleetAddresses.ORDER,
        body -> {
          carriedOut.add((JsonObject) body);
          return "bad".equals(((JsonObject) body).getString("command"))
              ? Future.failedFuture(
                  new ReplyException(ReplyFailure.RECIPIENT_FAILURE, 409, "bad: refused"))
              : Future.succeededFuture(new JsonObject().put("phase", "canary_10"));
        });
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private void atLeader(Frame order) {
    atLeader(order, 0);
  }

  private void atLeader(Frame order, long now) {
    leader.carryOut(
        order.body(),
        now,
        answer -> {
          answers.add(answer);
          follower.answered(answer.body());
        });
  }

  @Test
  void anOrderIsCarriedOutByTheLeaderAndAnsweredAtTheFollower() {
    JsonObject state =
        follower
            .forward(
                new JsonObject().put("command", "start").put("actor", "alice"),
                "leader",
                OptionalLong.of(0),
                this::atLeader)
            .await();
    assertThat(state.getString("phase")).isEqualTo("canary_10");
    assertThat(carriedOut).hasSize(1);
    assertThat(carriedOut.get(0).getString("actor")).isEqualTo("alice, through follower");
  }

  @Test
  void aFrameThatComesTwiceIsCarriedOutOnceAndAnsweredEachTime() {
    follower
        .forward(
            new JsonObject().put("command", "advance"),
            "leader",
            OptionalLong.empty(),
            order -> {
              atLeader(order);
              atLeader(order);
            })
        .await();
    Waits.until(() -> answers.size() == 2);
    assertThat(carriedOut).hasSize(1);
    assertThat(answers.get(0)).isEqualTo(answers.get(1));
  }

  /** TCP hands over what was sent while a link was cut, once that is mended. */
  @Test
  void anOrderThatComesAfterNobodyWaitsForItAnyMoreIsNotCarriedOut() {
    Future<JsonObject> late = forwarded(7_000, 7_001 + Orders.DEADLINE_MILLIS);
    assertThatThrownBy(late::await)
        .hasMessage(
            "order: it came to the leader over 5 s after it was given, so it was not carried out"
                + " (expected: another try)")
        .satisfies(failure -> assertThat(((ReplyException) failure).failureCode()).isEqualTo(503));
    assertThat(carriedOut).isEmpty();
    forwarded(7_000, 7_000 + Orders.DEADLINE_MILLIS).await();
    // A clock may begin anywhere.
    forwarded(-7_000, -6_000).await();
    assertThat(carriedOut).hasSize(2);
  }

  private Future<JsonObject> forwarded(long asked, long comes) {
    return follower.forward(
        new JsonObject().put("command", "start"),
        "leader",
        OptionalLong.of(asked),
        order -> atLeader(order, comes));
  }

  @Test
  void theLeadersRefusalIsTheFollowers() {
    assertThatThrownBy(
            () ->
                follower
                    .forward(
                        new JsonObject().put("command", "bad"),
                        "leader",
                        OptionalLong.empty(),
                        this::atLeader)
                    .await())
        .isInstanceOf(ReplyException.class)
        .hasMessage("bad: refused")
        .satisfies(failure -> assertThat(((ReplyException) failure).failureCode()).isEqualTo(409));
  }

  @Test
  void aLeaderWhoDoesNotAnswerIsNotWaitedForWithoutEnd() {
    assertThatThrownBy(
            () ->
                follower
                    .forward(
                        new JsonObject().put("command", "start"),
                        "5f0c2a91",
                        OptionalLong.of(0),
                        lost -> {})
                    .await())
        .hasMessage(
            "order: the leader, 5f0c2a91, has not answered in 5 s; it may have carried it out"
                + " (expected: a look at its state, then another try)")
        .satisfies(failure -> assertThat(((ReplyException) failure).failureCode()).isEqualTo(503));
  }
}
