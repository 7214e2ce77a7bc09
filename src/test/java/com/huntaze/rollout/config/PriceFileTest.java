package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.cost.PriceListSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceFileTest {
  @TempDir private Path folder;

  private PriceListSettings read(String text) throws IOException {
    Path file = folder.resolve("prices.json");
    Files.writeString(file, text);
    return PriceFile.read(file, false, new Placeholders(Map.of(), folder));
  }

  @Test
  void readsTheFileThatIsShipped() throws IOException {
    PriceListSettings prices =
        PriceFile.read(
            Path.of("conf", "prices.json"), false, new Placeholders(Map.of(), Path.of("conf")));
    assertThat(prices.per()).isEqualTo(1_000);
    assertThat(prices.models())
        .containsKeys("DeepSeek-R1", "Llama-3.3-70B", "Mistral-Large-2411", "Phi-4-mini");
    assertThat(prices.models().get("DeepSeek-R1").prices().output()).isEqualTo("0.0028");
  }

  @Test
  void namesEveryProblemWithTheFile() {
    String text =
        """
        {"per": 0, "models": {
          "a": {"input": "0.1", "output": 0.2, "aliases": ["B"]},
          "b": {"input": "0.1", "output": "1.0000000001"},
          "c": {"input": "1", "output": "2", "changes": [{"from": "tomorrow", "input": "1"}]},
          "d": {"input": "1", "ouput": "2"}}}""";
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("prices.json: per: 0 (expected: 1..1000000000)")
        .hasMessageContaining("prices.json: models.a.output: 0.2 (expected: a text such as")
        .hasMessageContaining("prices.json: models.b.output: \"1.0000000001\"")
        .hasMessageContaining("prices.json: models.c.changes[0].from: \"tomorrow\"")
        .hasMessageContaining("prices.json: models.c.changes[0].output: missing")
        .hasMessageContaining("models.d.ouput")
        .hasMessageContaining("models.d.output: missing");
  }

  @Test
  void mayBeMissingOnlyIfNobodyNamedIt() {
    Path missing = folder.resolve("none.json");
    Placeholders placeholders = new Placeholders(Map.of(), folder);
    assertThat(PriceFile.read(missing, true, placeholders)).isEqualTo(PriceListSettings.EMPTY);
    assertThatThrownBy(() -> PriceFile.read(missing, false, placeholders))
        .hasMessageContaining(
            "prices: none.json: no such file (expected: a price file at %s)".formatted(missing));
    assertThatThrownBy(() -> PriceFile.read(folder, true, placeholders))
        .hasMessageContaining("prices: %s: not a file".formatted(folder.getFileName()));
  }
}
