package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code hunter2} is the secret. */
class SecretsTest {
  @Test
  void noSecretIsInTheTextOfTheSettings() {
    String document =
        """
        {"admin": {"token": "hunter2"}, "auth": {"open": true},
         "providers": {"foundry": {"headers": {"Authorization": "Bearer hunter2"}}},
         "alerts": {"channels": [
           {"type": "slack", "url": "https://hooks.example/hunter2"},
           {"type": "webhook", "url": "https://h/?sig=hunter2", "secret": "hunter2"},
           {"type": "email", "host": "h", "from": "a@b", "to": ["c@d"],
            "username": "u", "password": "hunter2"}]}}
        """;
    Loaded loaded = Documents.readRaw(document, Map.of("AI_ROUTER_API_KEY", "hunter2"), Flags.NONE);

    assertThat(loaded.settings().admin().token()).isEqualTo("hunter2");
    assertThat(loaded.toString()).contains("Authorization").doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'admin': {'token': 'hunter2 x'}}",
        "{'admin': {'token': '${NONE}hunter2 '}}",
        "{'admin': {'token': '${NONE:hunter2 }'}}",
        "{'admin': {'token': '${SECRET} '}}",
        "{'admin': {'host': '0.0.0.0', 'token': 'hunter2'}}",
        "{'admin': 'hunter2'}",
        "{'providers': {'foundry': {'headers': 'hunter2'}}}",
        "{'providers': {'foundry': {'headers': {'X-A': 'hunter2\\n'}}}}",
        "{'providers': {'foundry': {'headers': {'X-A': ['hunter2']}}}}",
        "{'providers': {'foundry': {'headers': {'Host': 'hunter2'}}}}",
        "{'providers': {'foundry': {'url': 'https://u:hunter2@h'}}}",
        "{'providers': {'foundry': {'url': 'https://h/?a=b&key=hunter2'}}}",
        "{'providers': {'foundry': {'url': '${SECRET}'}}}",
        "{'tracing': {'otlpEndpoint': 'https://hunter2:x@h'}}",
        "{'alerts': {'channels': [{'type': 'slack', 'url': 'hunter2'}]}}",
        "{'alerts': {'channels': [{'type': 'log', 'secret': 'hunter2'}]}}",
        "{'alerts': {'channels': [{'type': 'slack', 'url': 'https://hunter2@h/'}]}}",
        "{'alerts': {'channels': [{'type': 'webhook', 'url': 'http://h', 'secret': 'whsec_hunter2?'}]}}",
        "{'alerts': {'channels': [{'type': 'email', 'password': 'hunter2\\u0000'}]}}",
        "{'admin': {'tokn': 'hunter2'}}",
        "{'admin': {'token': hunter2}}",
        "{'admin': {'token': 'hunter2}}",
        "{'admin': {'token': 'hunter2', 'token': 'hunter2'}}",
        "{'admin': {'token': 'hunter2'}} hunter2",
      })
  void noSecretIsInAProblem(String document) {
    assertThat(Documents.problems(document, Map.of("SECRET", "hunter2"), Flags.NONE))
        .isNotEmpty()
        .noneMatch(problem -> problem.contains("hunter2"));
  }

  @Test
  void aBadKeyInTheEnvironmentIsNamedButNotShown() {
    assertThat(
            Documents.problems(
                "{}",
                Map.of("AI_ROUTER_API_KEY", "hunter2\n", "ADMIN_TOKEN", "hunter2 x"),
                Flags.NONE))
        .containsExactly(
            "admin.token: \"${ADMIN_TOKEN:}\" (expected: visible ASCII characters without spaces)",
            "providers.foundry.headers.X-API-Key: \"${AI_ROUTER_API_KEY:}\" (expected: a header"
                + " value without line breaks and control characters)");
  }
}
