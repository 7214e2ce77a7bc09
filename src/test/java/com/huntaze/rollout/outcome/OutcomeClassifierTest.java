package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeClassifierTest {
  private static Outcome of(int status) {
    return OutcomeClassifier.ofStatus(status, true);
  }

  private static boolean filtered(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return OutcomeClassifier.isContentFilter(bytes, bytes.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 500, 502, 503, 504, 529})
  void takesTheTransientStatusesForTransient(int status) {
    assertThat(of(status)).isEqualTo(Meaning.TRANSIENT_STATUS.outcome(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204, 299, 304, 307})
  void takesSuccessesAndRedirectsForComplete(int status) {
    assertThat(of(status)).isEqualTo(Meaning.COMPLETE.outcome());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 402, 405, 409, 413, 422, 451, 499})
  void blamesTheCallerForOther4xx(int status) {
    assertThat(of(status)).isEqualTo(Meaning.CALLER_ERROR.outcome(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void blamesTheOwnerOfTheCredential(int status) {
    assertThat(OutcomeClassifier.ofStatus(status, true))
        .isEqualTo(Meaning.CREDENTIAL_REFUSED.outcome(status));
    assertThat(OutcomeClassifier.ofStatus(status, false))
        .isEqualTo(Meaning.CALLER_ERROR.outcome(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {501, 505, 511, 599})
  void doesNotRetryOther5xx(int status) {
    assertThat(of(status)).isEqualTo(Meaning.SERVER_ERROR.outcome(status));
  }

  @Test
  void keeps404And429Apart() {
    assertThat(of(404)).isEqualTo(Meaning.NOT_FOUND.outcome());
    assertThat(of(429)).isEqualTo(Meaning.THROTTLED.outcome());
  }

  @Property
  void hasAnOutcomeForAnyStatus(@ForAll int status, @ForAll boolean own) {
    Outcome outcome = OutcomeClassifier.ofStatus(status, own);
    boolean junk = status < 200 || status > 599;
    assertThat(Meaning.JUNK.isOf(outcome)).isEqualTo(junk);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"…\",\"code\":\"content_filter\",\"status\":400}}",
        "{\"error\":{\"innererror\":{\"code\":\"content_filter\"}}}",
        "{\"error\":{\"code\":\"x\",\"details\":[{}],\"innererror\":{\"code\":\"content_filter\"}}}",
        "{\"code\":\"content_filter\"}",
        "{\"error\":{\"code\":\"content_filter\",\"rest\":[1,2"
      })
  void recognisesAContentFilter(String body) {
    assertThat(filtered(body)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "content_filter",
        "[\"content_filter\"]",
        "{\"detail\":\"content_filter\"}",
        "{\"message\":{\"code\":\"content_filter\"}}",
        "{\"error\":{\"message\":\"content_filter\",\"code\":null}}",
        "{\"error\":\"content_filter\"}",
        "{\"error\":{\"other\":{\"code\":\"content_filter\"}}}",
        "{\"error\":{\"code\":{\"code\":\"content_filter\"}}}"
      })
  void takesNothingElseForAContentFilter(String body) {
    assertThat(filtered(body)).isFalse();
  }

  @Test
  void survivesDeepNesting() {
    assertThat(filtered("{\"error\":".repeat(100_000))).isFalse();
    assertThat(filtered("{\"a\":" + "[".repeat(100_000))).isFalse();
  }

  @Property
  void survivesGarbage(@ForAll byte[] garbage) {
    assertThat(OutcomeClassifier.isContentFilter(garbage, garbage.length)).isFalse();
  }
}
