package com.huntaze.rollout.admin.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OthersProvidersTest {
  private static final String FINE =
      "{\"provider\":\"foundry\",\"breaker\":\"open\",\"up\":false,\"why\":\"no\\nanswer\","
          + "\"addresses\":[],\"later\":1}";

  @Test
  void whatAReplicaSaysStandsUnderItsName() {
    JsonObject told = new JsonObject("{\"providers\":[" + FINE + "]}");
    assertThat(OthersProviders.read("b", told))
        .containsExactly(
            new JsonObject()
                .put("replica", "b")
                .put("provider", "foundry")
                .put("breaker", "open")
                .put("up", false)
                .put("why", "no answer"));
    String longer = "x".repeat(1_000);
    told.getJsonArray("providers").getJsonObject(0).put("why", longer);
    assertThat(OthersProviders.read("b", told).get(0).getString("why")).hasSize(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"providers\":7}",
        "{\"providers\":[7]}",
        "{\"providers\":[{\"provider\":\"nobody\",\"breaker\":\"open\",\"up\":true}]}",
        "{\"providers\":[{\"provider\":\"foundry\",\"breaker\":\"ajar\",\"up\":true}]}",
        "{\"providers\":[{\"provider\":\"foundry\",\"breaker\":\"open\"}]}",
        "{\"providers\":[{\"provider\":\"foundry\",\"breaker\":\"open\",\"up\":\"yes\"}]}"
      })
  void whatCannotBeTrueIsRefused(String told) {
    assertThatThrownBy(() -> OthersProviders.read("b", new JsonObject(told)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void moreProvidersThanThereCanBeAreRefused() {
    JsonArray many = new JsonArray();
    for (int i = 0; i < 9; i++) {
      many.add(new JsonObject(FINE));
    }
    assertThatThrownBy(() -> OthersProviders.read("b", new JsonObject().put("providers", many)))
        .hasMessage("9 providers");
  }
}
