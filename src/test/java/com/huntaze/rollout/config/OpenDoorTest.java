package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No open door to paid models, unless somebody says that it is meant. */
class OpenDoorTest {
  private static final Map<String, String> KEY = Map.of("AI_ROUTER_API_KEY", "hunter2");

  private static List<String> problems(String document) {
    return Documents.problems(document, KEY, Flags.NONE);
  }

  @Test
  void aPortThatOthersReachWithAKeyBehindItIsRefused() {
    assertThat(problems("{}"))
        .containsExactly(
            "auth.required: false (expected: true, because server.host 0.0.0.0 is reached by others"
                + " and the proxy adds its own providers.foundry.headers.X-API-Key; or auth.open:"
                + " true if everybody may use it, or a loopback server.host)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api-key",
        "Authorization",
        "Cookie",
        "Ocp-Apim-Subscription-Key",
        "x-goog-api-key"
      })
  void soIsAnyCredentialOfEitherProvider(String header) {
    for (String provider : List.of("foundry", "legacy")) {
      String document =
          "{'providers': {'%s': {'headers': {'%s': 'hunter2'}}}}".formatted(provider, header);
      assertThat(Documents.problems(document, Map.of(), Flags.NONE))
          .singleElement()
          .asString()
          .contains("providers." + provider + ".headers." + header)
          .doesNotContain("hunter2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'auth': {'open': true}}",
        "{'server': {'host': '127.0.0.1'}}",
        "{'auth': {'required': true, 'keys': [{'id': 'a', 'sha256':"
            + " '0000000000000000000000000000000000000000000000000000000000000000'}]}}"
      })
  void whoSaysThatItIsMeantOrAsksForKeysOrIsAloneMayStart(String document) {
    assertThat(Documents.read(document, KEY).settings()).isNotNull();
  }

  @Test
  void withoutACredentialOfItsOwnItStaysAsItWas() {
    assertThat(Documents.read("{}").settings().auth().open()).isFalse();
    assertThat(
            Documents.read("{'providers': {'foundry': {'headers': {'X-Team': 'a'}}}}").settings())
        .isNotNull();
  }
}
