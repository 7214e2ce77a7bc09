package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.Alert.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A provider that fails, is down, and answers with a model that nobody knows; a file is spoilt. */
final class ProviderScene extends Scene {
  private static final String PRICES = "{\"models\":{%s}}";
  private static final String PRICE = "\"%s\":{\"input\":\"1\",\"output\":\"1\"}";
  private static final String STRANGE =
      "{\"model\":\"strange\",\"output\":\"hi\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}";

  private volatile boolean fails;
  private volatile boolean down;

  @Override
  Set<Kind> kinds() {
    return EnumSet.of(
        Kind.PRICE_UNKNOWN,
        Kind.CONFIGURATION_REFUSED,
        Kind.BREAKER_OPEN,
        Kind.BREAKER_CLOSED,
        Kind.PROVIDER_DOWN,
        Kind.PROVIDER_UP);
  }

  private void foundry(RawOrigin.Call call) throws IOException {
    if (asksModel(call) && fails) {
      send(call, "503 Busy", "{\"error\":{\"message\":\"no capacity\"}}");
    } else if (!asksModel(call) && down) {
      send(call, "503 Down", "{}");
    } else {
      send(call, "200 OK", STRANGE);
    }
  }

  @Override
  void play(Path folder, Map<Kind, CompletableFuture<Void>> walked) throws Exception {
    Path prices = Files.createDirectories(folder).resolve("prices.json");
    Files.writeString(prices, PRICES.formatted(PRICE.formatted("known")));
    try (Pager pager = new Pager();
        RawOrigin foundry = new RawOrigin(this::foundry);
        RawOrigin legacy = new RawOrigin(Scene::good);
        WalkedProxy proxy =
            WalkedProxy.start(
                folder,
                Map.of(),
                pager,
                null,
                RunningProxy.before("foundry", foundry.url(), legacy.url())
                    .put("prices", prices.toString()))) {
      Walk walk = new Walk(pager, proxy.dashboard(), Map.of(), walked);
      walk.of(Kind.PRICE_UNKNOWN, () -> price(walk, pager, proxy, prices));
      fails = true;
      proxy.rollout().posts(8);
      walk.of(Kind.BREAKER_OPEN, () -> breaker(walk, pager));
      walk.of(Kind.CONFIGURATION_REFUSED, () -> configuration(walk, pager, proxy));
      down = true;
      walk.of(Kind.PROVIDER_DOWN, () -> provider(walk, pager));
      down = false;
      fails = false;
      walk.of(Kind.PROVIDER_UP, () -> answers(walk, pager));
      walk.of(
          Kind.BREAKER_CLOSED,
          () -> {
            // A trial is somebody's request.
            Waits.until(
                () -> pager.has(Kind.BREAKER_CLOSED),
                over -> over,
                () -> {
                  proxy.rollout().post();
                  Waits.pause(Duration.ofMillis(200));
                });
            assertThat(walk.read(Kind.BREAKER_CLOSED).getString("sentence"))
                .contains("foundry is closed");
            pager.awaitResolved(Kind.BREAKER_OPEN);
          });
      assertThat(pager.isResolved(Kind.PRICE_UNKNOWN)).as("by people").isFalse();
      assertThat(pager.isResolved(Kind.CONFIGURATION_REFUSED)).as("by people").isFalse();
    }
  }

  private static void price(Walk walk, Pager pager, WalkedProxy proxy, Path prices)
      throws Exception {
    proxy.rollout().post();
    Walk.Said said = walk.follow(Kind.PRICE_UNKNOWN);
    said.isOf(0);
    assertThat(said.text())
        .contains("\"model\":\"strange\",\"requests\":1,\"exact\":0,\"estimated\":0,\"unknown\":1");
    assertThat(pager.page(Kind.PRICE_UNKNOWN).getString("sentence")).contains("model strange");
    String all = PRICE.formatted("known") + "," + PRICE.formatted("strange");
    Files.writeString(prices, PRICES.formatted(all));
    Waits.until(
        () -> Walk.run(pager.page(Kind.PRICE_UNKNOWN).getString("next"), Map.of()).text(),
        costs -> costs.contains("\"model\":\"strange\"") && !costs.contains("\"exact\":0,"),
        () -> proxy.rollout().post());
  }

  private static void breaker(Walk walk, Pager pager) throws Exception {
    Walk.Said said = walk.follow(Kind.BREAKER_OPEN);
    said.isOf(0);
    assertThat(said.text()).contains("outcome=\"status_503\"", "provider=\"foundry\"");
    assertThat(pager.page(Kind.BREAKER_OPEN).getString("sentence"))
        .contains(
            "Circuit breaker of foundry is open, 5 requests in a row have failed (5 answers 503)")
        .containsPattern(", of \\d users?, legacy's is closed: nothing is sent to it for 30 s");
  }

  private static void configuration(Walk walk, Pager pager, WalkedProxy proxy) throws Exception {
    proxy.write(proxy.settings().put("provider", "fondry"));
    Walk.Said said = walk.follow(Kind.CONFIGURATION_REFUSED);
    said.isOf(2);
    assertThat(said.text()).contains("provider: \"fondry\"");
    assertThat(pager.page(Kind.CONFIGURATION_REFUSED).getString("sentence"))
        .contains("is refused for 1 problem, the running one stays: provider: \"fondry\"");
    proxy.write(proxy.settings());
    Walk.Said mended = walk.follow(Kind.CONFIGURATION_REFUSED);
    mended.isOf(0);
  }

  private static void provider(Walk walk, Pager pager) throws Exception {
    Walk.Said said = walk.follow(Kind.PROVIDER_DOWN);
    said.isOf(0);
    assertThat(said.text()).contains("\"provider\":\"foundry\"", "503");
    assertThat(pager.page(Kind.PROVIDER_DOWN).getString("sentence"))
        .contains(
            "Provider foundry is down, after 2 failed probes in a row", "503; legacy answers.");
  }

  private static void answers(Walk walk, Pager pager) {
    assertThat(walk.read(Kind.PROVIDER_UP).getString("sentence")).contains("answers its probe");
    pager.awaitResolved(Kind.PROVIDER_DOWN);
  }
}
