package com.huntaze.rollout.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.address.KnownAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A dialer before addresses that are promises, which the tests keep, break or leave open. */
class DialerTest {
  private static final long CONNECT_MILLIS = 1_000;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong now = new AtomicLong();
  private final Name name = new Name("router.test", now::get);
  private final Context loop = vertx.getOrCreateContext();
  private final Map<String, Promise<String>> attempts = new ConcurrentHashMap<>();
  private final List<String> order = new CopyOnWriteArrayList<>();
  private final List<String> unwanted = new CopyOnWriteArrayList<>();
  private Dialer<String> dialer;

  @BeforeEach
  void start() {
    dialer = new Dialer<>(vertx, name, CONNECT_MILLIS, unwanted::add);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(90, TimeUnit.SECONDS);
  }

  private void knows(String... addresses) {
    name.asked();
    name.answered(new Answer(List.of(addresses), 60_000, "a test"));
  }

  /** Everything happens on the dialer's event loop. */
  private <T> T onLoop(Supplier<T> step) {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.runOnContext(turn -> done.complete(step.get()));
    return done.join();
  }

  private Future<String> dial() {
    return onLoop(() -> dialer.dial(this::open));
  }

  private Future<String> open(String address) {
    Future<String> attempt = attempt(address).future();
    order.add(address);
    return attempt;
  }

  private Promise<String> attempt(String address) {
    return attempts.computeIfAbsent(address, literal -> Promise.promise());
  }

  private void open(String address, String connection) {
    onLoop(() -> attempt(address).tryComplete(connection));
  }

  private void fail(String address, Throwable cause) {
    onLoop(() -> attempt(address).tryFail(cause));
  }

  private void refuse(String address) {
    fail(address, new ConnectException(address));
  }

  private List<String> failing() {
    return name.book().addresses().stream()
        .filter(KnownAddress::failed)
        .map(KnownAddress::literal)
        .toList();
  }

  @Test
  void theNextAddressIsTakenWhenOneRefuses() {
    knows("10.0.0.1", "10.0.0.2", "10.0.0.3");
    Future<String> dialled = dial();
    refuse(order.get(0));
    refuse(order.get(1));
    open(order.get(2), "open");
    assertThat(dialled.result()).isEqualTo("open");
    assertThat(order).hasSize(3).doesNotHaveDuplicates();
    assertThat(failing()).containsExactlyInAnyOrder(order.get(0), order.get(1));
  }

  @Test
  void whoRefusesAtOnceIsPassedAtOnce() {
    knows("10.0.0.1", "10.0.0.2");
    refuse("10.0.0.1");
    refuse("10.0.0.2");
    Future<String> dialled = dial();
    assertThat(dialled.cause()).isInstanceOf(ConnectException.class);
    assertThat(failing()).hasSize(2);
  }

  @Test
  void aSilentAddressIsPassedWithinItsShareAndMayComeLate() {
    knows("10.0.0.1", "10.0.0.2");
    Future<String> dialled = dial();
    assertThat(order).hasSize(1);
    Waits.until(() -> order.size() == 2);
    assertThat(failing()).containsExactly(order.get(0));
    open(order.get(1), "second");
    assertThat(dialled.result()).isEqualTo("second");
    open(order.get(0), "first");
    assertThat(unwanted).containsExactly("first");
    assertThat(failing()).isEmpty();
  }

  @Test
  void aSlowAddressIsTakenWhenTheNextOneIsNotThereYet() {
    knows("10.0.0.1", "10.0.0.2");
    Future<String> dialled = dial();
    Waits.until(() -> order.size() == 2);
    open(order.get(0), "first");
    assertThat(dialled.result()).isEqualTo("first");
    refuse(order.get(1));
    assertThat(failing()).containsExactly(order.get(1));
    assertThat(unwanted).isEmpty();
  }

  @Test
  void whereAllAreSilentItEndsWhenTheTimeIsOver() {
    knows("10.0.0.1", "10.0.0.2");
    Future<String> dialled = dial();
    Waits.until(() -> order.size() == 2);
    assertThat(dialled.isComplete()).isFalse();
    now.set(CONNECT_MILLIS);
    Waits.until(dialled::isComplete);
    assertThat(dialled.cause()).isInstanceOf(TimeoutException.class);
    assertThat(failing()).hasSize(2);
  }

  @Test
  void whenTheLastRefusesASilentOneIsStillWaitedFor() {
    knows("10.0.0.1", "10.0.0.2");
    Future<String> dialled = dial();
    Waits.until(() -> order.size() == 2);
    refuse(order.get(1));
    assertThat(dialled.isComplete()).isFalse();
    open(order.get(0), "first");
    assertThat(dialled.result()).isEqualTo("first");
  }

  @Test
  void afterASuccessNothingIsTriedAnyMore() {
    knows("10.0.0.1", "10.0.0.2", "10.0.0.3");
    Future<String> dialled = dial();
    Waits.until(() -> order.size() == 2);
    open(order.get(1), "second");
    refuse(order.get(0));
    assertThat(dialled.result()).isEqualTo("second");
    assertThat(order).hasSize(2);
  }

  @Test
  void aFullPoolIsNobodysFault() {
    knows("10.0.0.1", "10.0.0.2");
    Future<String> dialled = dial();
    fail(order.get(0), new ConnectionPoolTooBusyException("full"));
    assertThat(dialled.cause()).isInstanceOf(ConnectionPoolTooBusyException.class);
    assertThat(order).hasSize(1);
    assertThat(failing()).isEmpty();
  }

  @Test
  void aSingleAddressIsOpenedAsEver() {
    knows("10.0.0.1");
    Future<String> dialled = dial();
    refuse("10.0.0.1");
    assertThat(dialled.cause()).isInstanceOf(ConnectException.class);
    assertThat(dial().cause()).isInstanceOf(ConnectException.class);
    assertThat(order).containsExactly("10.0.0.1", "10.0.0.1");
  }

  @Test
  void whoComesBeforeTheFirstAnswerWaitsForIt() {
    name.asked();
    Future<String> dialled = dial();
    assertThat(dialled.isComplete()).isFalse();
    onLoop(() -> name.answered(new Answer(List.of("10.0.0.1"), 60_000, "a test")));
    Waits.until(() -> attempts.containsKey("10.0.0.1"));
    open("10.0.0.1", "open");
    Waits.until(() -> "open".equals(dialled.result()));
  }

  @Test
  void aNameWithoutAddressesIsUnknownAtOnce() {
    name.asked();
    Future<String> waiting = dial();
    name.unanswered(new UnknownHostException("router.test"));
    Waits.until(() -> waiting.cause() instanceof UnknownHostException);
    assertThat(dial().cause()).isInstanceOf(UnknownHostException.class);
  }

  @Test
  void anAnswerThatDoesNotComeIsWaitedForAsLongAsAConnection() {
    name.asked();
    Future<String> waiting = dial();
    Waits.until(() -> waiting.cause() instanceof UnknownHostException);
    assertThat(order).isEmpty();
  }

  @Test
  void anAddressInThePlaceOfANameNeedsNobody() {
    Name literal = new Name("::1", now::get);
    Dialer<String> direct = new Dialer<>(vertx, literal, CONNECT_MILLIS, unwanted::add);
    assertThat(onLoop(() -> direct.dial(Future::succeededFuture)).result()).isEqualTo("::1");
  }
}
