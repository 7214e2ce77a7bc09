package com.huntaze.rollout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  private final Credentials credentials =
      new Credentials(
          new CredentialSettings(
              List.of("Authorization", "api-key", "Ocp-Apim-Subscription-Key", "x-ms-*key*"),
              List.of("Cookie"),
              List.of("key", "api-key"),
              List.of("X-Original-URL")));

  private final Predicate<String> atFoundry = credentials.withheld(Provider.FOUNDRY, false, false);
  private final Predicate<String> atLegacy = credentials.withheld(Provider.LEGACY, false, false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authorization",
        "OCP-APIM-SUBSCRIPTION-KEY",
        "ocp_apim_subscription_key",
        "x-ms-my-key"
      })
  void foundrysOwnReachFoundryAlone(String name) {
    assertThat(atFoundry.test(name)).isFalse();
    assertThat(atLegacy.test(name)).isTrue();
    assertThat(credentials.withheld(Provider.FOUNDRY, true, false).test(name)).isTrue();
  }

  @Test
  void legacysOwnReachLegacyAlone() {
    assertThat(atLegacy.test("cookie")).isFalse();
    assertThat(atFoundry.test("Cookie")).isTrue();
    assertThat(credentials.withheld(Provider.LEGACY, true, true).test("Cookie")).isFalse();
  }

  @Test
  void aKeyOfOursReachesNobody() {
    assertThat(credentials.withheld(Provider.FOUNDRY, false, true).test("api-key")).isTrue();
    assertThat(credentials.withheld(Provider.FOUNDRY, false, true).test("accept")).isFalse();
  }

  @Test
  void whatChangesARequestReachesNobody() {
    assertThat(atFoundry.test("x-original-url")).isTrue();
    assertThat(atLegacy.test("X_Original_URL")).isTrue();
    assertThat(atLegacy.test("x-ms-client-request-id")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/a?key=1, /a",
    "/a?key=1&b=2, /a?b=2",
    "/a?b=%20&API-Key=1&c, /a?b=%20&c",
    "/a?%6bey=1&x=, /a?x=",
    "/a?monkey=1, /a?monkey=1",
    "/a?key, /a",
    "/a?%zz=1, /a?%zz=1",
    "/a, /a"
  })
  void parametersThatAreCredentialsGoToFoundryAlone(String target, String legacys) {
    assertThat(credentials.target(target, Provider.FOUNDRY, false)).isEqualTo(target);
    assertThat(credentials.target(target, Provider.LEGACY, false)).isEqualTo(legacys);
    assertThat(credentials.target(target, Provider.FOUNDRY, true)).isEqualTo(legacys);
  }
}
