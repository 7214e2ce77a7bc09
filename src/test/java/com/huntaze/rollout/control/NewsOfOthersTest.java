package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Transition;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rollbacks that processes of this minor version and the one before have told others. */
class NewsOfOthersTest {
  private static List<JsonObject> rollbacks(int minor) throws IOException {
    Path file = Path.of("src/test/resources/cluster/sent-%d.jsonl".formatted(minor));
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(line -> new JsonObject(line).getJsonObject("body").getJsonObject("rollback"))
          .filter(told -> told != null)
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6})
  void areReadToTheSameMeaningAlsoWhereALaterVersionTellsMore(int minor) throws IOException {
    List<JsonObject> told = rollbacks(minor);
    assertThat(told).isNotEmpty();
    for (JsonObject each : told) {
      Transition read = Trees.readKnown(each.getMap(), Transition.class);
      assertThat(read.action()).isEqualTo(Transition.Action.ROLLBACK);
      assertThat(new JsonObject(new JsonObject(Trees.exact(read)).encode())).isEqualTo(each);
      JsonObject later = each.copy().put("ofALaterVersion", new JsonObject().put("one", 1));
      later.getJsonObject("after").put("ofALaterVersion", true);
      assertThat(Trees.readKnown(new JsonObject(later.encode()).getMap(), Transition.class))
          .isEqualTo(read);
    }
  }
}
