package com.huntaze.rollout.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One channel's deliveries, on its event loop, with a channel that does as it is told. */
class DeliveryTest {
  private static final Attempted.Delivered DELIVERED = new Attempted.Delivered();
  private static final Attempted.Failed AGAIN = new Attempted.Failed("answered 503", 0);
  private static final ChannelSettings SETTINGS = settings(ChannelType.LOG);

  private static ChannelSettings settings(ChannelType type) {
    return new ChannelSettings(
        type, Severity.WARNING, null, null, null, null, null, null, null, null, List.of());
  }

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Deque<Supplier<Future<Attempted>>> script = new ArrayDeque<>();
  private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();
  private final Delivery delivery =
      new Delivery(vertx, "hook", SETTINGS, this::send, new Backoff(3, 1), this::became);

  private final Delivery incidents =
      new Delivery(
          vertx,
          "pager",
          settings(ChannelType.PAGERDUTY),
          this::send,
          new Backoff(2, 1),
          this::became);

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private Future<Attempted> send(Notice notice) {
    happened.add("send " + notice.id());
    return script.isEmpty() ? Future.succeededFuture(DELIVERED) : script.removeFirst().get();
  }

  private void became(Notice notice, String channel, DeliveryStatus status) {
    happened.add(status.label() + " " + notice.id());
  }

  private void answers(Attempted... results) {
    for (Attempted result : results) {
      script.addLast(() -> Future.succeededFuture(result));
    }
  }

  private <T> T onLoop(Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.runOnContext(
        turn -> {
          try {
            done.complete(work.get());
          } catch (RuntimeException failure) {
            done.completeExceptionally(failure);
          }
        });
    return done.join();
  }

  private void take(String... subjects) {
    onLoop(
        () -> {
          for (String subject : subjects) {
            delivery.take(Alerts.notice(Alert.Kind.HOLD, subject));
          }
          return null;
        });
  }

  private void awaitHappened(String... expected) throws InterruptedException {
    for (String each : expected) {
      assertThat(happened.poll(10, TimeUnit.SECONDS)).isEqualTo(each);
    }
  }

  private JsonObject state() {
    return onLoop(delivery::json);
  }

  @Test
  void givesUpAfterTheLastAttemptAndGoesOnWithTheNext() throws Exception {
    answers(AGAIN, AGAIN, AGAIN, DELIVERED);
    take("a", "b");
    awaitHappened(
        "queued msg_a",
        "send msg_a",
        "retrying msg_a",
        "queued msg_b",
        "send msg_a",
        "retrying msg_a",
        "send msg_a",
        "failed msg_a",
        "send msg_b",
        "delivered msg_b");
    assertThat(state().getInteger("failed")).isEqualTo(1);
    assertThat(state().getInteger("delivered")).isEqualTo(1);
    assertThat(state().getInteger("consecutiveFailures")).isZero();
    assertThat(state().getString("lastError")).isEqualTo("answered 503");
  }

  @Test
  void whatIsRefusedAndADefectAreNotTriedAgain() throws Exception {
    answers(new Attempted.Refused("answered 404"));
    script.addLast(
        () -> {
          throw new IllegalStateException("https://secret");
        });
    take("a", "b");
    awaitHappened("queued msg_a", "send msg_a", "failed msg_a");
    awaitHappened("queued msg_b", "send msg_b", "failed msg_b");
    assertThat(state().getString("lastError")).isEqualTo("IllegalStateException");
    assertThat(state().getInteger("consecutiveFailures")).isEqualTo(2);
  }

  @Test
  void sendsOneAtATimeAndTheRestWaits() throws Exception {
    Promise<Attempted> first = Promise.promise();
    script.addLast(first::future);
    take("a", "b");
    awaitHappened("queued msg_a", "send msg_a", "queued msg_b");
    assertThat(state().getInteger("queued")).isEqualTo(2);
    onLoop(() -> first.tryComplete(DELIVERED));
    awaitHappened("delivered msg_a", "send msg_b", "delivered msg_b");
    assertThat(state().getInteger("queued")).isZero();
  }

  @Test
  void atTheEndEachIsTriedOnceMoreAndNoneIsWaitedFor() throws Exception {
    answers(new Attempted.Failed("answered 429", 300_000), AGAIN, DELIVERED);
    take("a", "b");
    awaitHappened("queued msg_a", "send msg_a", "retrying msg_a", "queued msg_b");
    onLoop(delivery::finish).await();
    awaitHappened("send msg_a", "failed msg_a", "send msg_b", "delivered msg_b");
  }

  private void page(Alert.Kind kind, String subject) {
    onLoop(
        () -> {
          incidents.take(
              new Notice(kind.label(), Alerts.of(kind, subject), AlertOrigin.UNKNOWN, 0));
          return null;
        });
  }

  /** Nobody else would end it: the service would page for what was over in the first minutes. */
  @Test
  void theEndOfAnIncidentIsOwedUntilItArrives() throws Exception {
    answers(AGAIN, AGAIN, AGAIN, AGAIN, AGAIN, DELIVERED);
    page(Alert.Kind.PROVIDER_UP, "legacy");
    awaitHappened("queued provider_up");
    for (int i = 0; i < 5; i++) {
      awaitHappened("send provider_up", "retrying provider_up");
    }
    awaitHappened("send provider_up", "delivered provider_up");
    assertThat(onLoop(incidents::json).getInteger("queued")).isZero();
  }

  @Test
  void anEndThatIsRefusedIsNotOwed() throws Exception {
    answers(new Attempted.Refused("answered 400"));
    page(Alert.Kind.PROVIDER_UP, "legacy");
    awaitHappened("queued provider_up", "send provider_up", "failed provider_up");
    assertThat(onLoop(incidents::json).getInteger("queued")).isZero();
  }

  @Test
  void anEndIsNotOwedOfAnIncidentThatBeganAgain() throws Exception {
    Promise<Attempted> second = Promise.promise();
    answers(AGAIN);
    script.addLast(second::future);
    answers(DELIVERED);
    page(Alert.Kind.PROVIDER_UP, "legacy");
    awaitHappened("queued provider_up", "send provider_up", "retrying provider_up");
    awaitHappened("send provider_up");
    page(Alert.Kind.PROVIDER_DOWN, "legacy");
    onLoop(() -> second.tryComplete(AGAIN));
    awaitHappened("queued provider_down", "failed provider_up");
    awaitHappened("send provider_down", "delivered provider_down");
    assertThat(onLoop(incidents::json).getInteger("queued")).isZero();
  }

  @Test
  void theEndOfAChannelWithNothingToDoIsAtOnce() {
    assertThat(onLoop(delivery::finish).succeeded()).isTrue();
  }
}
