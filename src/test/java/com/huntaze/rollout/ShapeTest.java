package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
  private static Shape shape(String... values) {
    return Shape.of(List.of(values).stream().map(JsonObject::new).toList());
  }

  @Test
  void addedFieldsAreNoLoss() {
    assertThat(
            shape("{\"a\":1,\"b\":[{\"c\":\"x\",\"d\":2}]}")
                .losses(shape("{\"b\":[{\"c\":\"\"}]}")))
        .isEmpty();
  }

  @Test
  void namesWhatIsGoneAndWhatIsOfAnotherType() {
    assertThat(shape("{\"a\":\"1\",\"b\":[{}]}").losses(shape("{\"a\":1,\"b\":[{\"c\":true}]}")))
        .containsExactly(".a: [text] (expected: [number])", ".b[].c: gone (expected: [boolean])");
  }

  @Test
  void anEmptyListTellsNothingOfItsElements() {
    assertThat(shape("{\"a\":[]}").losses(shape("{\"a\":[{\"b\":1}]}"))).isEmpty();
    assertThat(shape("{}").losses(shape("{\"a\":[1]}"))).hasSize(2);
  }

  @Test
  void nullIsAsGoodAsAnyType() {
    assertThat(shape("{\"a\":null}").losses(shape("{\"a\":1}"))).isEmpty();
    assertThat(shape("{\"a\":1}").losses(shape("{\"a\":null}"))).isEmpty();
    assertThat(shape("{}").losses(shape("{\"a\":null}"))).hasSize(1);
  }
}
