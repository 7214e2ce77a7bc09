package com.huntaze.rollout.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider's sentence without what could be a credential. */
class SecretMaskTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Incorrect API key provided: sk-proj-abc***xyz9. See the docs. | Incorrect API key provided: *** See the docs.",
        "Authorization: Bearer abc.def-1 is stale | Authorization: *** is stale",
        "sent bearer PLANTED to it | sent bearer *** to it",
        "the key sk-PLANTED-1 is spent | the key *** is spent",
        "GET https://me:PLANTED@host/x failed | GET https://***@host/x failed",
        "GET /x?a=b&sig=PLANTED%3D&c=d failed | GET /x?a=b&sig=***&c=d failed",
        "AccountKey=PLANTED==;Endpoint=x | AccountKey=***;Endpoint=x",
        "password='PLANTED PLANTED' is wrong | password=*** is wrong",
        "{\"api_key\": \"PLANTED\"} | {\"api_key\": ***}",
        "token 0123456789abcdef0123456789abcdef is no more | token *** is no more",
        "saw eyJhbGciOi.eyJzdWI.PLANTED-_ there | saw *** there",
        "client_secret: PLANTED | client_secret: ***"
      })
  void whatMayBeACredentialIsTakenOut(String said, String told) {
    assertThat(SecretMask.of(said)).isEqualTo(told).doesNotContain("PLANTED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The server had an error while processing your request (4f6c2a9e-1f6c-4c8e-9a53-7d1b7f0c9e11).",
        "Rate limit reached for gpt-4o in organization org-7: Limit 30000, Used 29800, Requested 500.",
        "This model's maximum context length is 8192 tokens.",
        "Please try again in 20s; see https://platform.example.com/account/rate-limits.",
        "max_tokens: 5 is below the least of 16",
        "key: expected"
      })
  void sentencesStay(String said) {
    assertThat(SecretMask.of(said)).isEqualTo(said.equals("key: expected") ? "key: ***" : said);
  }

  /** A sentence is bounded, and the time for it too: no text makes it look back and forth. */
  @ParameterizedTest
  @ValueSource(strings = {"key=", "a.", "bearer ", "\"key\":\"", "://", "sk-", "eyJ.", "k e y "})
  void noTextTakesLong(String piece) {
    String said = piece.repeat(1_024 / piece.length());
    long began = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      SecretMask.of(said);
    }
    assertThat(System.nanoTime() - began).isLessThan(2_000_000_000L);
  }
}
