package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RunningProxy.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.traffic.StickyBuckets;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every event loop of the data port splits as the event bus was told to. */
@Tag("heavy")
class SplitIT {
  private static final String SALT = "rollout";
  private static final int KEYLESS = 2_000;
  private static final List<String> USERS =
      IntStream.range(0, 1_000).mapToObj(i -> "creator-" + i).toList();

  private TwoProviders providers;
  private NeighbourVerticle neighbour;
  private int percentage;

  @BeforeEach
  void start() {
    providers = new TwoProviders("canary");
    neighbour = new NeighbourVerticle();
    await(providers.proxy().vertx().deployVerticle(neighbour));
  }

  @AfterEach
  void stop() throws Exception {
    providers.close();
  }

  /** Sets the share and waits, for a second at most, until all connections follow. */
  private void set(int next) {
    await(neighbour.set(next));
    follow(next);
  }

  /** Users whose side changes tell, without a step of the keyless sequence, who follows. */
  private void follow(int next) {
    long begun = System.nanoTime();
    List<String> moved = Collections.nCopies(TwoProviders.CONNECTIONS, userBetween(next));
    List<String> served = providers.users(moved);
    String side = next > percentage ? "foundry" : "legacy";
    while (next != percentage && !Set.copyOf(served).equals(Set.of(side))) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .as("within a second: %s", served)
          .isLessThan(Waits.bound(Duration.ofSeconds(1)));
      served = providers.users(moved);
    }
    percentage = next;
  }

  private String userBetween(int next) {
    int from = Math.min(percentage, next) * 100;
    int to = Math.max(percentage, next) * 100;
    return IntStream.range(0, 1_000_000)
        .mapToObj(i -> "moved-" + i)
        .filter(user -> isWithin(StickyBuckets.bucket(SALT, user), from, to))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isWithin(int bucket, int from, int to) {
    return from == to || bucket >= from && bucket < to;
  }

  private static double share(List<String> served) {
    assertThat(served).isSubsetOf("foundry", "legacy");
    return 100.0 * Collections.frequency(served, "foundry") / served.size();
  }

  private static Set<String> onFoundry(List<String> served) {
    Set<String> users = new HashSet<>();
    for (int i = 0; i < served.size(); i++) {
      if (served.get(i).equals("foundry")) {
        users.add(USERS.get(i));
      }
    }
    return users;
  }

  @Test
  void splitsRequestsWithoutAUserInTheExactShareOverAllConnections() {
    for (int next : new int[] {0, 10, 50, 100}) {
      set(next);
      List<String> served = providers.keyless(KEYLESS);
      double tolerance = next % 100 == 0 ? 0 : 2;
      assertThat(share(served)).as("at %d %%", next).isCloseTo(next, within(tolerance / 2));
      for (int from = 0; from < KEYLESS; from += 1_000) {
        assertThat(share(served.subList(from, from + 1_000)))
            .as("at %d %%, from %d", next, from)
            .isCloseTo(next, within(tolerance));
      }
    }
    assertThat(providers.connections()).isGreaterThanOrEqualTo(TwoProviders.CONNECTIONS);
  }

  @Test
  void keepsEveryUserOnItsSideAndMovesNobodyBackWhileTheShareGrows() {
    Set<String> before = Set.of();
    for (int next : new int[] {0, 10, 50, 100}) {
      set(next);
      List<String> served = providers.users(USERS);
      double tolerance = 4 * Math.sqrt(next * (100.0 - next) / USERS.size());
      assertThat(share(served)).as("at %d %%", next).isCloseTo(next, within(tolerance));
      assertThat(onFoundry(served)).containsAll(before);
      assertThat(providers.users(USERS)).isEqualTo(served);
      before = onFoundry(served);
    }
  }

  @Test
  void decidesOverTheBusAsItSplitsOnTheDataPort() {
    set(50);
    List<String> users = USERS.subList(0, 200);
    List<Future<JsonObject>> decisions = new ArrayList<>();
    users.forEach(user -> decisions.add(neighbour.decide("r", user)));
    List<String> decided =
        await(Future.all(decisions)).<JsonObject>list().stream()
            .map(decision -> decision.getString("provider"))
            .toList();
    assertThat(providers.users(users)).isEqualTo(decided);
  }

  @Test
  void sendsNothingToFoundryAfterARollback() throws Exception {
    set(100);
    assertThat(providers.keyless(200)).containsOnly("foundry");
    await(neighbour.command("rollback"));
    follow(0);
    providers.forget();
    assertThat(providers.keyless(500)).containsOnly("legacy");
    assertThat(providers.users(USERS)).containsOnly("legacy");
    assertThat(providers.foundryWasAsked()).isFalse();
  }

  @Test
  void rollsBackWhileRequestsAreUnderWay() {
    set(100);
    List<String> served;
    try (Background traffic = new Background(() -> providers.keyless(200))) {
      await(neighbour.command("rollback"));
      follow(0);
      served = traffic.served();
    }
    assertThat(served).isSubsetOf("foundry", "legacy");
    assertThat(providers.keyless(200)).containsOnly("legacy");
  }

  /** Traffic on a thread of its own. */
  private static final class Background implements AutoCloseable {
    private final List<String> served = new ArrayList<>();
    private final Thread thread;

    Background(java.util.function.Supplier<List<String>> traffic) {
      thread = new Thread(() -> served.addAll(traffic.get()), "traffic");
      thread.start();
    }

    List<String> served() {
      close();
      return served;
    }

    @Override
    public void close() {
      try {
        thread.join(20_000);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
