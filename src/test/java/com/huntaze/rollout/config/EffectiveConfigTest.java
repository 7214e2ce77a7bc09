package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.huntaze.rollout.config.SettingType.Kind;
import com.huntaze.rollout.config.SettingType.ListOf;
import com.huntaze.rollout.config.SettingType.MapOf;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectiveConfigTest {
  @Test
  void tellsEachValueAndItsSource() {
    Loaded loaded =
        Documents.readRaw(
            """
            {"server": {"port": 8081}, "timeouts": {"stream": "5m"},
             "auth": {"keys": [{"id": "web", "sha256": "%s"}]}}
            """
                .formatted("ab".repeat(32)),
            Map.of("AI_PROVIDER", "legacy", "ADMIN_TOKEN", "hunter2"),
            new Flags(null, "0", null, null));
    List<ConfigValue> values = EffectiveConfig.values(loaded);
    assertThat(values)
        .extracting(ConfigValue::path, ConfigValue::shown, ConfigValue::source)
        .contains(
            tuple("server.port", 8081, "file conf/x.json"),
            tuple("server.tls", null, "default"),
            tuple("admin.port", 0, "flag --admin-port"),
            tuple("admin.token", "***", "environment ADMIN_TOKEN"),
            tuple("admin.allowedHosts", List.of("localhost", "127.0.0.1"), "default"),
            tuple("provider", "legacy", "environment AI_PROVIDER"),
            tuple("timeouts.stream", "5m", "file conf/x.json"),
            tuple("providers.foundry.url", "http://127.0.0.1:8000", "default"),
            // Nothing is no secret: it tells that a key is missing.
            tuple("providers.foundry.headers.X-API-Key", "", "default"),
            tuple("canary.stages[0].percentage", 10, "default"),
            tuple("auth.keys[0].id", "web", "file conf/x.json"),
            tuple("auth.keys[0].sha256", "***", "file conf/x.json"));
    assertThat(values).extracting(ConfigValue::path).containsAll(loaded.sources().keySet());
    assertThat(loaded.sources().keySet())
        .containsAll(values.stream().map(ConfigValue::path).toList());
    assertThat(values.toString()).doesNotContain("hunter2", "abab");
  }

  @Test
  void everyTextIsListedOrMasked() {
    List<String> texts = new ArrayList<>();
    texts(SettingModel.ROOT, "", texts);
    assertThat(texts).containsAll(ShownSettings.texts());
    texts.removeAll(ShownSettings.texts());
    // A text that is new here was thought about: it is a secret, or may hold one.
    assertThat(texts)
        .containsExactlyInAnyOrder(
            "admin.token",
            "admin.tokens.sha256",
            "admin.tokens.token",
            "providers.foundry.headers.*",
            "providers.foundry.token.command",
            "providers.foundry.token.endpointKey",
            "providers.legacy.headers.*",
            "providers.legacy.token.command",
            "providers.legacy.token.endpointKey",
            "auth.keys.sha256",
            "alerts.channels.url",
            "alerts.channels.key",
            "alerts.channels.secret",
            "alerts.channels.username",
            "alerts.channels.password",
            "tracing.headers.*");
  }

  private static void texts(SettingType type, String form, List<String> texts) {
    if (type instanceof ObjectOf object) {
      object
          .properties()
          .forEach(
              each ->
                  texts(each.type(), form.isEmpty() ? each.key() : form + "." + each.key(), texts));
    } else if (type instanceof ListOf list) {
      texts(list.element(), form, texts);
    } else if (type instanceof MapOf map) {
      texts(map.element(), form + ".*", texts);
    } else if (type instanceof Scalar scalar
        && (scalar.kind() == Kind.TEXT || scalar.kind() == Kind.URL)) {
      texts.add(form);
    }
  }

  @Test
  void masksWhatAFileWasFilledInto(@TempDir Path dir) throws IOException {
    Path secret = Files.writeString(dir.resolve("secret"), "hunter2\n");
    Loaded loaded =
        Documents.read(
            "{'canary': {'salt': 'a-${file:%s}'}, 'admin': {'allowedHosts': ['${file:%s}']}}"
                .formatted(secret, secret));
    assertThat(loaded.settings().canary().salt()).isEqualTo("a-hunter2");
    assertThat(EffectiveConfig.values(loaded).toString()).doesNotContain("hunter2");
    assertThat(loaded.files()).contains(secret);
  }

  @Test
  void tellsWhatHasChanged() {
    Loaded before = Documents.read("{'canary': {'salt': 'a'}, 'admin': {'token': 'hunter2'}}");
    Loaded after =
        Documents.read(
            "{'canary': {'salt': 'b'}, 'admin': {'token': 'hunter3'}, 'server': {'port': 8081},"
                + " 'auth': {'keys': [{'id': 'web', 'sha256': '%s'}]}}".formatted("ab".repeat(32)));
    assertThat(EffectiveConfig.changes(before, after))
        .extracting(ConfigChange::toString)
        .containsExactly(
            "admin.token: \"***\" -> \"***\"",
            "auth.keys: [] -> none",
            "auth.keys[0].id: none -> \"web\"",
            "auth.keys[0].mayOverride: none -> false",
            "auth.keys[0].perSecond: none -> 0",
            "auth.keys[0].sha256: none -> \"***\"",
            "auth.keys[0].tier: none -> \"standard\"",
            "canary.salt: \"a\" -> \"b\"",
            "server.port: 8080 -> 8081");
    assertThat(EffectiveConfig.changes(before, before)).isEmpty();
  }
}
