package com.huntaze.rollout.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.huntaze.rollout.failover.ErrorCode;
import io.vertx.core.MultiMap;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Validates: Requirements 2.3. */
class ApiKeysPropertyTest {
  private static final String KEY = "k-0123456789abcdef";
  private static final ApiKeySettings WEB =
      new ApiKeySettings("web", ApiKeys.sha256(KEY), "standard", false, 0);
  private static final ApiKeySettings OTHER =
      new ApiKeySettings("other", ApiKeys.sha256("another-key"), "vip", true, 0);

  private final ApiKeys keys =
      new ApiKeys(new AuthSettings(true, false, List.of(WEB, OTHER), null));

  private Throwable refusal(MultiMap headers) {
    return catchThrowable(() -> keys.find(headers, new ApiKeys.Memo()));
  }

  private static void assertUnauthorized(Throwable refusal) {
    assertThat(refusal).isInstanceOf(Refusal.class);
    assertThat(((Refusal) refusal).code()).isEqualTo(ErrorCode.UNAUTHORIZED);
    assertThat(((Refusal) refusal).headers()).containsEntry("WWW-Authenticate", "ApiKey");
  }

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-10")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 10: without a valid key the answer is"
          + " 401**")
  void refusesEverythingButAKnownKey(
      @ForAll("places") String place, @ForAll("wrongKeys") String wrong) {
    assertUnauthorized(refusal(with(place, wrong)));
  }

  @Property(tries = 200)
  @Tag("azure-foundry-production-rollout-property-10")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 10: a valid key is found in any of the"
          + " three places, and two that differ are none**")
  void findsAValidKeyUnlessAnotherContradictsIt(
      @ForAll("places") String place,
      @ForAll("places") String second,
      @ForAll("wrongKeys") String wrong)
      throws Refusal {
    assertThat(keys.find(with(place, KEY), new ApiKeys.Memo())).isEqualTo(WEB);
    MultiMap both = with(place, KEY);
    both.addAll(with(second, wrong));
    assertUnauthorized(refusal(both));
    if (!place.equals(second)) {
      MultiMap agreeing = with(place, KEY);
      agreeing.addAll(with(second, KEY));
      assertThat(keys.find(agreeing, new ApiKeys.Memo())).isEqualTo(WEB);
    }
  }

  @Property(tries = 100)
  void doesNotTakeARememberedKeyForAnother(@ForAll("wrongKeys") String wrong) throws Refusal {
    ApiKeys.Memo memo = new ApiKeys.Memo();
    assertThat(keys.find(with("x-api-key", KEY), memo)).isEqualTo(WEB);
    assertUnauthorized(catchThrowable(() -> keys.find(with("x-api-key", wrong), memo)));
    assertThat(keys.find(with("x-api-key", "another-key"), memo)).isEqualTo(OTHER);
  }

  private static MultiMap with(String place, String key) {
    String value = place.equals("authorization") ? "Bearer " + key : key;
    return MultiMap.caseInsensitiveMultiMap().add(place, value);
  }

  @Provide
  Arbitrary<String> places() {
    return Arbitraries.of("x-api-key", "api-key", "authorization");
  }

  /** Near misses and anything else that a header can hold. */
  @Provide
  Arbitrary<String> wrongKeys() {
    Arbitrary<String> any =
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(0).ofMaxLength(64);
    Arbitrary<String> near =
        Arbitraries.of(
            "", KEY + "0", KEY.substring(1), KEY.toUpperCase(), ApiKeys.sha256(KEY), "null");
    return Arbitraries.oneOf(any, near)
        .filter(key -> !key.equals(KEY) && !key.equals("another-key"));
  }
}
