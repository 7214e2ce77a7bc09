package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigPlaceTest {
  @Test
  void aTextWithoutASchemeIsAPath() {
    assertThat(ConfigPlace.parse("conf/proxy.json").path()).contains(Path.of("conf/proxy.json"));
    assertThat(ConfigPlace.parse("https.json").path()).contains(Path.of("https.json"));
    assertThat(ConfigPlace.parse("conf").name()).isEqualTo("conf");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://config.example/x.json",
        "HTTPS://config.example:8443",
        "http://localhost:1/x",
        "http://127.0.0.1/x",
        "http://[::1]:1/x"
      })
  void anAddressIsTaken(String typed) {
    assertThat(ConfigPlace.parse(typed).path()).isEmpty();
    assertThat(ConfigPlace.parse(typed).name()).isEqualTo(typed);
    assertThat(ConfigPlace.parse(typed).argument()).contains(typed);
  }

  /** A page is read by many, and a command with stars in it leads nowhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {"https://user:hunter2@config.example/x", "https://config.example/x?sig=hunter2"})
  void anAddressWithASecretIsNoWordOfACommand(String typed) {
    assertThat(ConfigPlace.parse(typed).argument()).isEmpty();
  }

  @Test
  void aFileIsAWordOfACommandRunAnywhere() {
    assertThat(ConfigPlace.parse("conf/proxy.json").argument())
        .contains(Path.of("conf", "proxy.json").toAbsolutePath().toString());
  }

  @Test
  void itsNameHasNoCredentials() {
    assertThat(ConfigPlace.parse("https://user:hunter2@config.example/x?sig=hunter2&v=1"))
        .hasToString("https://***@config.example/x?sig=***&v=***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://config.example/x.json",
        "http://10.0.0.1/x.json",
        "http://localhost.example/x",
        "https://",
        "https:///x.json",
        "https://a b/x",
        "https://user:hunter2@/x",
        "https://config.example/x#part",
        "https://under_score/x?key=hunter2"
      })
  void anAddressThatAnybodyCouldAnswerForIsRefused(String typed) {
    assertThatThrownBy(() -> ConfigPlace.parse(typed))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("an https:// URL with a host")
        .hasMessageNotContaining("hunter2");
  }
}
