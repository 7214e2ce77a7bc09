package com.huntaze.rollout.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.admission.AuthSettings;
import com.huntaze.rollout.admission.ClientKeys;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import io.vertx.core.MultiMap;
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

  private Credentials of(ClientKeys keys, boolean oursPass) {
    return new Credentials(
        new CredentialSettings(
            List.of("Authorization", "api-key"), List.of("Cookie"), List.of("key"), List.of()),
        keys,
        oursPass);
  }

  @ParameterizedTest
  @CsvSource({
    "FOUNDRY, true, false, true",
    "LEGACY, false, true, true",
    "BOTH, true, true, true",
    "NONE, false, false, false"
  })
  void keysGoToWhomTheyAreFor(ClientKeys keys, boolean foundry, boolean legacy, boolean cookies) {
    Credentials told = of(keys, true);
    for (String name : List.of("authorization", "Api-Key", "api_key")) {
      assertThat(told.withheld(Provider.FOUNDRY, false, false).test(name)).isEqualTo(!foundry);
      assertThat(told.withheld(Provider.LEGACY, false, false).test(name)).isEqualTo(!legacy);
      assertThat(told.withheld(Provider.FOUNDRY, true, false).test(name)).as("own").isTrue();
      assertThat(told.withheld(Provider.LEGACY, true, false).test(name)).as("own").isTrue();
    }
    assertThat(told.withheld(Provider.LEGACY, false, false).test("cookie")).isEqualTo(!cookies);
    assertThat(told.withheld(Provider.FOUNDRY, false, false).test("cookie")).isTrue();
    assertThat(told.target("/a?key=1", Provider.FOUNDRY, false))
        .isEqualTo(foundry ? "/a?key=1" : "/a");
    assertThat(told.target("/a?key=1", Provider.LEGACY, false))
        .isEqualTo(legacy ? "/a?key=1" : "/a");
    assertThat(told.target("/a?key=1", Provider.LEGACY, true)).isEqualTo("/a");
  }

  @Test
  void aKeyOfOursPassesWhereTheConfigurationSaysSo() {
    Predicate<String> told = of(ClientKeys.LEGACY, true).withheld(Provider.LEGACY, false, true);
    assertThat(told.test("authorization")).isFalse();
    Predicate<String> untold = of(ClientKeys.LEGACY, false).withheld(Provider.LEGACY, false, true);
    assertThat(untold.test("authorization")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    ",       false, LEGACY,  false, LEGACY",
    ",       false, LEGACY,  true,  LEGACY",
    ",       false, CANARY,  true,  LEGACY",
    ",       false, FOUNDRY, true,  LEGACY",
    ",       false, CANARY,  false, FOUNDRY",
    ",       false, FOUNDRY, false, FOUNDRY",
    ",       true,  LEGACY,  true,  FOUNDRY",
    "NONE,   false, LEGACY,  false, NONE",
    "BOTH,   true,  CANARY,  true,  BOTH",
    "FOUNDRY, false, LEGACY, false, FOUNDRY"
  })
  void whoseTheyAreWhereNothingIsSaid(
      ClientKeys told, boolean required, ProviderMode mode, boolean own, ClientKeys then) {
    AuthSettings auth = new AuthSettings(required, false, List.of(), told);
    assertThat(ClientKeys.of(auth, mode, own)).isEqualTo(then);
  }

  @Test
  void whatIsKeptBackIsKnown() {
    MultiMap with = MultiMap.caseInsensitiveMultiMap().add("Authorization", "Bearer x");
    MultiMap without = MultiMap.caseInsensitiveMultiMap().add("Accept", "a/b");
    assertThat(credentials.keptBack(with, "/", Provider.LEGACY, false, false)).isTrue();
    assertThat(credentials.keptBack(with, "/", Provider.FOUNDRY, false, false)).isFalse();
    assertThat(credentials.keptBack(with, "/", Provider.LEGACY, true, false)).isFalse();
    assertThat(credentials.keptBack(without, "/", Provider.LEGACY, false, false)).isFalse();
    assertThat(credentials.keptBack(without, "/?key=1", Provider.LEGACY, false, false)).isTrue();
  }
}
