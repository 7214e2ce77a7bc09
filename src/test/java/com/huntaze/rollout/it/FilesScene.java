package com.huntaze.rollout.it;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.Alert.Kind;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A proxy whose files go wrong: a provider's token, a certificate, the state; it has a token. */
final class FilesScene extends Scene {
  private static final Map<String, String> SHELL =
      Map.of("ADMIN_TOKEN", "0123456789abcdef0123456789abcdef");

  @Override
  Set<Kind> kinds() {
    return EnumSet.of(
        Kind.TOKEN_REFUSED,
        Kind.CERTIFICATE_REFUSED,
        Kind.STATE_NOT_DURABLE,
        Kind.STATE_DURABLE,
        Kind.STATE_DAMAGED);
  }

  @Override
  void play(Path folder, Map<Kind, CompletableFuture<Void>> walked) throws Exception {
    Certificates certificates =
        new Certificates(Files.createDirectories(folder.resolve("certificates")));
    Certificates.Pem authority = certificates.authority("authority");
    Certificates.Pem ours = certificates.signed(authority, "ours", "IP:127.0.0.1");
    Certificates.Pem others = certificates.signed(authority, "others", "IP:127.0.0.1");
    Path token = Files.writeString(folder.resolve("token"), "first");
    try (Pager pager = new Pager();
        RawOrigin foundry = new RawOrigin(Scene::good);
        RawOrigin legacy = new RawOrigin(Scene::good)) {
      JsonObject changes =
          RunningProxy.before("canary", foundry.url(), legacy.url())
              .put("server", new JsonObject().put("tls", ours.tls()));
      changes
          .getJsonObject("providers")
          .getJsonObject("foundry")
          .put("token", new JsonObject().put("from", "file").put("file", token.toString()));
      try (WalkedProxy proxy =
          WalkedProxy.start(folder.resolve("it's here"), SHELL, pager, null, changes)) {
        Walk walk = new Walk(pager, proxy.dashboard(), SHELL, walked);
        Path state = folder.resolve("it's here").resolve("state");
        Path key = ours.key();
        byte[] right = Files.readAllBytes(key);
        // Ten seconds have to pass before anybody is told of this one.
        Files.copy(others.key(), key, REPLACE_EXISTING);
        walk.of(Kind.TOKEN_REFUSED, () -> token(walk, pager, token));
        assertThat(proxy.command("start").code()).isZero();
        walk.of(Kind.STATE_NOT_DURABLE, () -> disk(walk, pager, state));
        walk.of(Kind.STATE_DURABLE, () -> durable(walk, pager));
        walk.of(Kind.CERTIFICATE_REFUSED, () -> certificate(walk, pager, proxy, right, key));
        walk.of(Kind.STATE_DAMAGED, () -> damage(walk, pager, proxy, state));
      }
    }
  }

  private static void token(Walk walk, Pager pager, Path token) throws Exception {
    Files.writeString(token, "no token at all\n");
    Walk.Said said = walk.follow(Kind.TOKEN_REFUSED);
    said.isOf(0);
    assertThat(said.text())
        .contains("rollout_provider_token_failing{provider=\"foundry\"} 1")
        .as("the trouble alone")
        .hasLineCount(1);
    assertThat(pager.page(Kind.TOKEN_REFUSED).getString("sentence"))
        .contains("No new token for foundry, from file: token: ", "the last one stays in use");
    Files.writeString(token, "second");
    Waits.until(
        () -> walk.follow(Kind.TOKEN_REFUSED).text(),
        text -> text.contains("rollout_provider_token_failing{provider=\"foundry\"} 0"));
    assertThat(pager.isResolved(Kind.TOKEN_REFUSED)).as("by people").isFalse();
  }

  private static void disk(Walk walk, Pager pager, Path state) throws Exception {
    Path gone = state.resolveSibling("gone");
    Files.move(state, gone);
    Walk.Said said = walk.follow(Kind.STATE_NOT_DURABLE);
    said.isOf(0);
    assertThat(said.text()).contains("the state cannot be written");
    assertThat(pager.page(Kind.STATE_NOT_DURABLE).getString("sentence"))
        .contains("Rollout state cannot be written (", "rollbacks still work");
    Files.move(gone, state);
    pager.awaitResolved(Kind.STATE_NOT_DURABLE);
  }

  private static void durable(Walk walk, Pager pager) {
    assertThat(walk.read(Kind.STATE_DURABLE).getString("sentence")).contains("writable again");
  }

  private static void certificate(Walk walk, Pager pager, WalkedProxy proxy, byte[] right, Path key)
      throws Exception {
    Walk.Said said = walk.follow(Kind.CERTIFICATE_REFUSED);
    said.isOf(2);
    assertThat(said.text()).contains("server.tls");
    assertThat(pager.page(Kind.CERTIFICATE_REFUSED).getString("sentence"))
        .contains("New certificates of ", "the old ones stay in force");
    Files.write(key, right);
    proxy.process().awaitOutput("are in force anew");
    Walk.Said mended = walk.follow(Kind.CERTIFICATE_REFUSED);
    mended.isOf(0);
    assertThat(pager.isResolved(Kind.CERTIFICATE_REFUSED)).as("by people").isFalse();
  }

  private static void damage(Walk walk, Pager pager, WalkedProxy proxy, Path state)
      throws Exception {
    proxy.close();
    Files.writeString(state.resolve("state.json"), "nonsense");
    proxy.start();
    Walk.Said said = walk.follow(Kind.STATE_DAMAGED);
    said.isOf(0);
    assertThat(said.text()).contains(" state.json", " state.previous.json");
    assertThat(pager.page(Kind.STATE_DAMAGED).getString("sentence"))
        .contains("Rollout state cannot be read (", "everything goes to legacy");
    ProxyProcess.Ended begun = proxy.command("start");
    assertThat(begun.code()).as(begun.output()).isZero();
    assertThat(begun.output()).contains("canary_10");
    assertThat(state.resolve("state.damaged.json")).hasContent("nonsense");
    assertThat(pager.isResolved(Kind.STATE_DAMAGED)).as("by people").isFalse();
  }
}
