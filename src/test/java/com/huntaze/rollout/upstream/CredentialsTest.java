package com.huntaze.rollout.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.admission.AuthSettings;
import com.huntaze.rollout.admission.ClientKeys;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.function.BiPredicate;
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

  private final Predicate<String> atFoundry = withheld(credentials, Provider.FOUNDRY, false, false);
  private final Predicate<String> atLegacy = withheld(credentials, Provider.LEGACY, false, false);

  private static Predicate<String> withheld(
      Credentials by, Provider provider, boolean own, boolean ours) {
    BiPredicate<String, String> withheld = by.withheld(provider, own, ours ? "our key" : null);
    return name -> withheld.test(name, "a value");
  }

  /** By any other name it is the same key. */
  @ParameterizedTest
  @CsvSource({
    "Ocp-Apim-Subscription-Key, our-key, true",
    "ocp_apim_subscription_key, our-key, true",
    "x-ms-my-key, Bearer our-key, true",
    "x-ms-my-key, bearer  our-key, true",
    "x-ms-my-key, foundrys, false",
    "x-ms-my-key, our-key-2, false",
    "authorization, Basic b3Vy, true",
    "x-note, our-key, false"
  })
  void theKeyThatIsOursReachesNobodyUnderAnotherName(String name, String value, boolean stays) {
    assertThat(credentials.withheld(Provider.FOUNDRY, false, "our-key").test(name, value))
        .isEqualTo(stays);
    boolean ownField = name.equals("authorization");
    assertThat(credentials.withheld(Provider.FOUNDRY, false, "others").test(name, value))
        .isEqualTo(ownField);
  }

  @ParameterizedTest
  @CsvSource({
    "/a?key=our-key, /a",
    "/a?key=our%2Dkey&b=our-key, /a?b=our-key",
    "/a?api-key=Bearer+our-key&x, /a?x",
    "/a?api_key=our-key&x=1, /a?x=1",
    "/a?key=foundrys, /a?key=foundrys",
    "/a?key, /a?key",
    "/a?key=%zz, /a?key=%zz",
    "/a, /a"
  })
  void theKeyThatIsOursReachesNobodyAsAParameter(String target, String sent) {
    assertThat(credentials.target(target, Provider.FOUNDRY, false, "our-key")).isEqualTo(sent);
    assertThat(of(ClientKeys.FOUNDRY, true).target("/a?key=k", Provider.FOUNDRY, false, "k"))
        .isEqualTo("/a?key=k");
  }

  /** Keys of base 64 have a plus, which many clients do not encode. */
  @ParameterizedTest
  @ValueSource(
      strings = {"a+b/c=", "a%2Bb%2Fc%3D", "a%2Bb/c=", "Bearer+a%2Bb/c=", "Bearer%20a+b/c="})
  void aKeyOfOursWithAPlusReachesNobodyAsAParameter(String written) {
    assertThat(credentials.target("/a?key=" + written, Provider.FOUNDRY, false, "a+b/c="))
        .isEqualTo("/a");
  }

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
    assertThat(withheld(credentials, Provider.FOUNDRY, true, false).test(name)).isTrue();
  }

  @Test
  void legacysOwnReachLegacyAlone() {
    assertThat(atLegacy.test("cookie")).isFalse();
    assertThat(atFoundry.test("Cookie")).isTrue();
    assertThat(withheld(credentials, Provider.LEGACY, true, true).test("Cookie")).isFalse();
  }

  @Test
  void aKeyOfOursReachesNobody() {
    assertThat(withheld(credentials, Provider.FOUNDRY, false, true).test("api-key")).isTrue();
    assertThat(withheld(credentials, Provider.FOUNDRY, false, true).test("accept")).isFalse();
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
    assertThat(credentials.target(target, Provider.FOUNDRY, false, null)).isEqualTo(target);
    assertThat(credentials.target(target, Provider.LEGACY, false, null)).isEqualTo(legacys);
    assertThat(credentials.target(target, Provider.FOUNDRY, true, null)).isEqualTo(legacys);
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
      assertThat(withheld(told, Provider.FOUNDRY, false, false).test(name)).isEqualTo(!foundry);
      assertThat(withheld(told, Provider.LEGACY, false, false).test(name)).isEqualTo(!legacy);
      assertThat(withheld(told, Provider.FOUNDRY, true, false).test(name)).as("own").isTrue();
      assertThat(withheld(told, Provider.LEGACY, true, false).test(name)).as("own").isTrue();
    }
    assertThat(withheld(told, Provider.LEGACY, false, false).test("cookie")).isEqualTo(!cookies);
    assertThat(withheld(told, Provider.FOUNDRY, false, false).test("cookie")).isTrue();
    assertThat(told.target("/a?key=1", Provider.FOUNDRY, false, null))
        .isEqualTo(foundry ? "/a?key=1" : "/a");
    assertThat(told.target("/a?key=1", Provider.LEGACY, false, null))
        .isEqualTo(legacy ? "/a?key=1" : "/a");
    assertThat(told.target("/a?key=1", Provider.LEGACY, true, null)).isEqualTo("/a");
  }

  @Test
  void aKeyOfOursPassesWhereTheConfigurationSaysSo() {
    Predicate<String> told = withheld(of(ClientKeys.LEGACY, true), Provider.LEGACY, false, true);
    assertThat(told.test("authorization")).isFalse();
    Predicate<String> untold = withheld(of(ClientKeys.LEGACY, false), Provider.LEGACY, false, true);
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
    assertThat(credentials.keptBack(with, "/", Provider.LEGACY, false, null)).isTrue();
    assertThat(credentials.keptBack(with, "/", Provider.FOUNDRY, false, null)).isFalse();
    assertThat(credentials.keptBack(with, "/", Provider.LEGACY, true, null)).isFalse();
    assertThat(credentials.keptBack(without, "/", Provider.LEGACY, false, null)).isFalse();
    assertThat(credentials.keptBack(without, "/?key=1", Provider.LEGACY, false, null)).isTrue();
  }
}
