package com.huntaze.rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminAddressTest {
  private static Map<String, String> environment(String url) {
    return Map.of("ROLLOUT_ADMIN_URL", url);
  }

  @Test
  void theOptionIsStrongerThanTheEnvironmentAndThatThanTheDefault() {
    assertThat(AdminAddress.chosen("http://a:1", environment("http://b:2")))
        .hasToString("http://a:1");
    assertThat(AdminAddress.chosen(null, environment("http://b:2"))).hasToString("http://b:2");
    assertThat(AdminAddress.chosen(null, Map.of())).hasToString("http://127.0.0.1:9090");
    // A variable that a template left empty.
    assertThat(AdminAddress.chosen(null, environment(""))).hasToString("http://127.0.0.1:9090");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy:9090 | proxy:9090 (expected: a URL such as http://127.0.0.1:9090)",
        "http:// | http:// (expected: a URL such as http://127.0.0.1:9090)",
        "http://a b | http://a b (expected: a URL such as http://127.0.0.1:9090)",
        "ftp://proxy | ftp://proxy (expected: a URL such as http://127.0.0.1:9090)",
        "http://proxy:70000 | http://proxy:70000 (expected: a port of 1 to 65535)",
        "http://proxy:0 | http://proxy:0 (expected: a port of 1 to 65535)",
        "http://proxy:9090/?x=1 | http://proxy:9090/?x=1 (expected: a URL without ? and #)",
        "http://proxy:9090/#/costs | http://proxy:9090/#/costs (expected: a URL without ? and #)",
        "http://me:hunter2@proxy | not shown (expected: a URL without credentials; --token has the token)",
        "http://me:hunter2@[x | not shown (expected: a URL without credentials; --token has the token)"
      })
  void anAddressThatIsNoneIsRefusedWithItsSource(String given, String sentence) {
    assertThatThrownBy(() -> AdminAddress.chosen(given, Map.of()))
        .hasMessage("--admin: " + sentence);
    assertThatThrownBy(() -> AdminAddress.chosen(null, environment(given)))
        .hasMessage("ROLLOUT_ADMIN_URL: " + sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "http://a:1, http://a:1/api/v1/canary",
    "http://a:1/, http://a:1/api/v1/canary",
    "https://ops.example/rollout, https://ops.example/rollout/api/v1/canary",
    "https://ops.example/rollout/, https://ops.example/rollout/api/v1/canary"
  })
  void aPathInFrontOfTheAdminPortStays(String base, String asked) {
    assertThat(AdminAddress.of(URI.create(base), "/api/v1/canary")).hasToString(asked);
  }
}
