package com.huntaze.rollout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.ConfigLoader;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusedConfigurationTest {
  @Test
  void tellsHowManyProblemsThereAreAndTheFirstOfThem() {
    JsonObject wrong = new JsonObject("{\"server\":{\"port\":70000},\"provider\":\"neither\"}");
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> ConfigLoader.parse(wrong, Map.of()));
    Alert alert = RefusedConfiguration.alert("conf/proxy.json", refused, 7);
    assertThat(alert.kind()).isEqualTo(Alert.Kind.CONFIGURATION_REFUSED);
    assertThat(alert.subject()).isEqualTo("configuration conf/proxy.json");
    assertThat(alert.sentence())
        .startsWith(
            "Configuration conf/proxy.json is refused for 2 problems, the running one stays: ")
        .contains("server.port: 70000 (expected: ", "provider: ");
  }
}
