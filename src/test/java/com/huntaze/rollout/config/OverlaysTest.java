package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.StageSettings;
import com.huntaze.rollout.settings.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that are laid over each other: a variable over a file, and files of a directory. */
class OverlaysTest {
  private static final String FILE = "file conf/x.json";
  private static final String VARIABLE = "environment ROLLOUT_CONFIG";

  @TempDir Path dir;

  private static Map<String, String> variable(String json) {
    return Map.of("ROLLOUT_CONFIG", json.replace('\'', '"'));
  }

  private static String source(Loaded loaded, String path) {
    return loaded.sources().get(path).toString();
  }

  private Loaded directory(Map<String, String> environment) throws IOException {
    return new SettingsReader(environment, Flags.NONE, dir).read(OverlayFiles.read(dir, "dir"));
  }

  private void file(String name, String json) throws IOException {
    Files.writeString(dir.resolve(name), json.replace('\'', '"'));
  }

  private static List<String> sentences(ConfigException refused) {
    return refused.problems().stream().map(Problem::toString).toList();
  }

  private List<String> problems(Map<String, String> environment) throws IOException {
    try {
      directory(environment);
      return List.of();
    } catch (ConfigException refused) {
      return sentences(refused);
    }
  }

  @Test
  void theVariableIsLaidOverTheFileKeyByKey() {
    Loaded loaded =
        Documents.read(
            "{'server': {'port': 81, 'maxInFlight': 5}, 'timeouts': {'stream': '1m'}}",
            variable("{'server': {'port': 82}}"));

    assertThat(loaded.settings().server().port()).isEqualTo(82);
    assertThat(loaded.settings().server().maxInFlight()).isEqualTo(5);
    assertThat(source(loaded, "server.port")).isEqualTo(VARIABLE);
    assertThat(source(loaded, "server.maxInFlight")).isEqualTo(FILE);
    assertThat(source(loaded, "server.host")).isEqualTo("default");
  }

  @Test
  void aListIsReplacedAsAWholeAndNothingOfTheOldOneIsLeft() {
    Loaded loaded =
        Documents.read(
            "{'canary': {'stages': [{'phase': 'a', 'percentage': 5, 'bake': '1h'},"
                + " {'phase': 'b', 'percentage': 100}]}}",
            variable("{'canary': {'stages': [{'phase': 'all', 'percentage': 100}]}}"));

    assertThat(loaded.settings().canary().stages())
        .extracting(StageSettings::phase)
        .containsExactly("all");
    assertThat(source(loaded, "canary.stages[0].percentage")).isEqualTo(VARIABLE);
    assertThat(source(loaded, "canary.stages[0].bake")).isEqualTo("default");
    assertThat(loaded.sources()).doesNotContainKey("canary.stages[1].phase");
  }

  @Test
  void objectsOfFreeKeysGainTheirs() {
    Loaded loaded =
        Documents.read(
            "{'providers': {'foundry': {'headers': {'A': '1', 'B': '2'}}}}",
            variable("{'providers': {'foundry': {'headers': {'B': '3', 'C': '4'}}}}"));

    assertThat(loaded.settings().providers().foundry().upstream().headers())
        .containsExactlyInAnyOrderEntriesOf(Map.of("A", "1", "B", "3", "C", "4"));
    assertThat(source(loaded, "providers.foundry.headers.A")).isEqualTo(FILE);
    assertThat(source(loaded, "providers.foundry.headers.B")).isEqualTo(VARIABLE);
  }

  @Test
  void nullIsAValueAndAListOfPlainValuesIsOne() {
    Loaded loaded =
        Documents.read(
            "{'simulate': {'requestsPerSecond': 1}, 'admin': {'allowedHosts': ['a', 'b']}}",
            variable("{'simulate': null, 'admin': {'allowedHosts': ['c']}}"));

    assertThat(loaded.settings().simulate()).isNull();
    assertThat(loaded.settings().admin().allowedHosts()).containsExactly("c");
    assertThat(source(loaded, "simulate")).isEqualTo(VARIABLE);
    assertThat(source(loaded, "admin.allowedHosts")).isEqualTo(VARIABLE);
    assertThat(EffectiveConfig.values(loaded))
        .contains(new ConfigValue("admin.allowedHosts", List.of("c"), VARIABLE));
  }

  @Test
  void aVariableOfItsOwnWinsOverTheDocumentAndAFlagOverBoth() {
    Map<String, String> environment =
        Map.of("ROLLOUT_CONFIG", "{\"provider\": \"legacy\"}", "AI_PROVIDER", "foundry");

    assertThat(source(Documents.read("{}", environment), "provider"))
        .isEqualTo("environment AI_PROVIDER");
    assertThat(
            source(
                Documents.read("{}", environment, new Flags(null, null, "canary", null)),
                "provider"))
        .isEqualTo("flag --provider");
  }

  @Test
  void placeholdersInTheVariableAreFilled() {
    Loaded loaded =
        Documents.read(
            "{}",
            Map.of(
                "ROLLOUT_CONFIG", "{\"admin\": {\"token\": \"${SECRET}\"}}", "SECRET", "hunter2"));

    assertThat(loaded.settings().admin().token()).isEqualTo("hunter2");
    assertThat(EffectiveConfig.values(loaded))
        .contains(new ConfigValue("admin.token", "***", VARIABLE));
  }

  @Test
  void aBrokenVariableIsNamedAndTheRestNotJudgedWithoutIt() {
    assertThat(Documents.problems("{'server': {'port': -1}}", variable("{'a'"), Flags.NONE))
        .containsExactly("ROLLOUT_CONFIG: line 1, column 5: the document ends too early");
    assertThat(Documents.problems("{}", variable("[]"), Flags.NONE))
        .containsExactly("ROLLOUT_CONFIG: a list (expected: a JSON object)");
    assertThat(Documents.problems("{}", variable("  "), Flags.NONE)).isEmpty();
  }

  @Test
  void aProblemSaysWhichDocumentHasIt() {
    assertThat(
            Documents.problems(
                "{'server': {'prot': 1}, 'drain': 3}",
                variable("{'server': {'port': -1}, 'timeuts': {'stream': '1m'}}"),
                Flags.NONE))
        .containsExactlyInAnyOrder(
            "conf/x.json: server.prot: unknown key (did you mean \"port\"?)",
            "conf/x.json: drain: a number (expected: an object)",
            "ROLLOUT_CONFIG: server.port: -1 (expected: 0..65535)",
            "ROLLOUT_CONFIG: timeuts: unknown key (did you mean \"timeouts\"?)");
  }

  @Test
  void theFilesOfADirectoryAreLaidInTheOrderOfTheirNames() throws IOException {
    file("20-limits.json", "{'server': {'port': 2, 'maxInFlight': 7}}");
    file("10-base.json", "{'server': {'port': 1}, 'provider': 'legacy'}");
    file("notes.txt", "no JSON");
    file(".hidden.json", "no JSON");

    Loaded loaded = directory(variable("{'server': {'maxInFlight': 8}}"));

    assertThat(loaded.settings().server().port()).isEqualTo(2);
    assertThat(source(loaded, "provider")).isEqualTo("file dir/10-base.json");
    assertThat(source(loaded, "server.port")).isEqualTo("file dir/20-limits.json");
    assertThat(source(loaded, "server.maxInFlight")).isEqualTo(VARIABLE);
  }

  @Test
  void thePriceFileInTheDirectoryIsNoOverlay() throws IOException {
    file("proxy.json", "{'prices': 'eu.json'}");
    file("eu.json", "{'models': {'m': {'input': '1', 'output': '2'}}}");
    file("prices.json", "{'models': {}}");
    file("proxy.schema.json", "{'type': 'object'}");

    assertThat(directory(Map.of()).prices().models()).containsOnlyKeys("m");
  }

  @Test
  void thePriceFileMayBeNamedByTheVariableByAnotherWayOrAPlaceholder() throws IOException {
    file("proxy.json", "{'prices': 'us.json'}");
    file("eu.json", "{'models': {'m': {'input': '1', 'output': '2'}}}");

    for (String way :
        List.of("eu.json", "./eu.json", "../" + dir.getFileName() + "/eu.json", "${REGION}.json")) {
      Map<String, String> environment =
          Map.of("ROLLOUT_CONFIG", "{\"prices\": \"%s\"}".formatted(way), "REGION", "eu");
      assertThat(directory(environment).prices().models()).as(way).containsOnlyKeys("m");
    }
    assertThat(directory(variable("{'prices': '" + dir.resolve("eu.json") + "'}")).prices())
        .satisfies(prices -> assertThat(prices.models()).containsOnlyKeys("m"));
    assertThat(problems(variable("{'prices': '${MISSING}.json'}")))
        .anyMatch(problem -> problem.contains("MISSING"));
  }

  @Test
  void whatIsListedAndCannotBeReadIsRefused() throws IOException {
    file("10-base.json", "{'server': {'port': 1}}");
    Files.createSymbolicLink(dir.resolve("20-limits.json"), dir.resolve("gone"));
    Files.createDirectory(dir.resolve("30-folder.json"));

    assertThat(problems(Map.of()))
        .containsExactly(
            "dir/20-limits.json: a link that leads nowhere (expected: a file or a directory)");
    Files.writeString(dir.resolve("gone"), "{\"server\": {\"maxInFlight\": 3}}");
    assertThat(directory(Map.of()).settings().server().maxInFlight()).isEqualTo(3);
  }

  @Test
  void everyFileThatIsBrokenIsNamed() throws IOException {
    file("a.json", "{");
    file("b.json", "{'server': {'port': 1}}");
    file("c.json", "[]");

    assertThat(problems(Map.of()))
        .containsExactly(
            "dir/a.json: line 1, column 2: the document ends too early",
            "dir/c.json: a list (expected: a JSON object)");
  }

  @Test
  void aDirectoryWithoutOverlaysIsRefused() throws IOException {
    file("notes.txt", "no JSON");

    assertThat(problems(Map.of()))
        .containsExactly("dir: no file in it that ends in .json (expected: at least one)");
  }

  @Test
  void aDirectoryIsBounded() throws IOException {
    for (int i = 0; i < 65; i++) {
      file(i + ".json", "{}");
    }
    assertThat(problems(Map.of())).containsExactly("dir: 65 files (expected: at most 64)");
    for (int i = 4; i < 65; i++) {
      Files.delete(dir.resolve(i + ".json"));
    }
    for (int i = 0; i < 4; i++) {
      file(i + ".json", " ".repeat(300_000) + "{}");
    }
    assertThat(problems(Map.of())).containsExactly("dir: larger than 1 MiB in all");
  }
}
