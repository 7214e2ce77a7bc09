package com.huntaze.rollout.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens as IMDS, App Service, Entra ID and the command az tell them. */
class IssuedTest {
  private static final long NOW = 1_700_000_000_000L;

  private static Issued parse(String text) {
    return Issued.parse(text.replace('\'', '"'), NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'access_token':'tok','expires_in':'3599','expires_on':'1700003599'} | 3599",
        "{'access_token':'tok','expires_in':3599,'token_type':'Bearer'} | 3599",
        "{'access_token':'tok','expires_on':'1700003600'} | 3600",
        "{'accessToken':'tok','expiresOn':'2023-11-14 23:13:20.0','expires_on':1700003600} | 3600",
        "{'token':'tok','expires_on':'2023-11-14T23:13:20Z'} | 3600"
      })
  void endsWhenItsIssuerSays(String text, long seconds) {
    Issued issued = parse(text);
    assertThat(issued.text()).isEqualTo("tok");
    assertThat(issued.endsAtMillis()).isEqualTo(NOW + seconds * 1_000);
  }

  @Test
  void aJwtSaysItselfWhenItEnds() {
    String claims =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"exp\":1700003600}".getBytes(StandardCharsets.UTF_8));
    assertThat(parse(" a." + claims + ".c\n").endsAtMillis()).isEqualTo(1_700_003_600_000L);
    assertThat(parse("a.b.c").endsAtMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(parse("opaque").endsAtMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two words", "a\r\nX: y", "{", "{}", "{'access_token':7}", "é"})
  void whatIsNoTokenIsRefusedAndNotRepeated(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("token: ")
        .hasMessageContaining("expected: ");
    assertThatThrownBy(() -> parse("secret two words")).message().doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "3600,2880",
    "86400,69120",
    "7200,5760",
    "600,300",
    "310,10",
    "100,80",
    "1,1",
    "-5,1"
  })
  void isRenewedBeforeItEnds(long left, long after) {
    Issued issued = new Issued("t", NOW + left * 1_000);
    assertThat(issued.renewAfterMillis(NOW)).isEqualTo(after * 1_000);
  }

  @Test
  void itsTextIsNotShown() {
    assertThat(new Issued("secret", NOW)).asString().doesNotContain("secret");
    assertThat(new Issued("t", Long.MAX_VALUE).renewAfterMillis(NOW)).isEqualTo(300_000);
  }
}
