package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.settings.Problem;
import io.vertx.config.ConfigRetriever;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way: a file on disk, vertx-config, the strict parser, the layers. */
@Timeout(60)
class ConfigLoaderTest {
  private static Vertx vertx;

  @TempDir Path dir;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static Loaded load(Path file, Map<String, String> environment) {
    return ConfigLoader.load(vertx, file, environment, Flags.NONE)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(dir.resolve("proxy.json"), text);
  }

  private static List<String> problems(Path file) {
    try {
      load(file, Map.of());
      return List.of();
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(ConfigException.class);
      return ((ConfigException) e.getCause()).problems().stream().map(Problem::toString).toList();
    }
  }

  @Test
  void readsAFileWithItsPlaceholdersAndKnowsItsDirectory() throws IOException {
    Files.writeString(dir.resolve("token"), "a-token\n");
    Path file = file("{\"admin\": {\"token\": \"${file:token}\"}, \"server\": {\"port\": 0}}");

    Loaded loaded = load(file, Map.of("AI_PROVIDER", "legacy"));

    assertThat(loaded.settings().admin().token()).isEqualTo("a-token");
    assertThat(loaded.settings().server().port()).isZero();
    assertThat(loaded.baseDir()).isEqualTo(dir.toAbsolutePath());
    assertThat(loaded.resolve(loaded.settings().prices())).isEqualTo(dir.resolve("prices.json"));
    assertThat(loaded.sources())
        .containsEntry("server.port", Source.file(file.toString()))
        .containsEntry("provider", Source.environment("AI_PROVIDER"));
  }

  @Test
  void readsTheCommittedFilesByTheirRelativePaths() {
    assertThat(load(Path.of("conf/proxy.json"), Map.of()).settings())
        .isEqualTo(load(null, Map.of()).settings());
    assertThat(load(Path.of("conf/demo.json"), Map.of()).sources().get("state.dir"))
        .hasToString("file conf/demo.json");
  }

  @Test
  void withoutAFileTheDefaultsHold() {
    assertThat(load(null, Map.of()).settings()).isEqualTo(Documents.read("{}").settings());
  }

  @Test
  void aMissingFileIsOneSentence() {
    assertThat(problems(Path.of("conf/x.json"))).containsExactly("conf/x.json: no such file");
  }

  @Test
  void aDirectoryOfOverlaysIsReadWithItsFilesAndWhatTheyName() throws IOException {
    Files.writeString(dir.resolve("token"), "a-token");
    file("{\"admin\": {\"token\": \"${file:token}\"}, \"server\": {\"port\": 0}}");
    Files.writeString(dir.resolve("zz.json"), "{\"server\": {\"port\": 1}}");

    Loaded loaded = load(dir, Map.of());

    assertThat(loaded.settings().admin().token()).isEqualTo("a-token");
    assertThat(loaded.settings().server().port()).isEqualTo(1);
    assertThat(loaded.baseDir()).isEqualTo(dir.toAbsolutePath());
    assertThat(loaded.sources().get("server.port")).hasToString("file " + dir + "/zz.json");
  }

  @Test
  void whatIsNeitherFileNorDirectoryIsRefused() {
    assertThat(problems(Path.of("/dev/null"))).containsExactly("/dev/null: not a file");
  }

  @Test
  void duplicateKeysAreRefusedThroughVertxConfig() throws IOException {
    Path file = file("{\n  \"server\": {\"port\": 1,\n  \"port\": 2}\n}\n");

    assertThat(problems(file))
        .singleElement()
        .asString()
        .startsWith(file + ": line 3, column ")
        .endsWith(": duplicate key \"port\"");
  }

  @Test
  void commentsAndNanAndTrailingGarbageAreRefusedThroughVertxConfig() throws IOException {
    assertThat(problems(file("{} // x"))).singleElement().asString().contains("comments");
    assertThat(problems(file("{/* x */}"))).singleElement().asString().contains("comments");
    assertThat(problems(file("{\"server\": NaN}"))).singleElement().asString().contains("NaN");
    assertThat(problems(file("{} 1"))).singleElement().asString().contains("something follows");
    assertThat(problems(file("{} }"))).hasSize(1);
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Path file = file("");

    assertThat(problems(file)).containsExactly(file + ": empty (expected: a JSON object)");
  }

  @Test
  void aFileThatIsTooLargeOrTooDeepIsRefused() throws IOException {
    Path large = file("{}" + " ".repeat(1 << 20));
    assertThat(problems(large)).containsExactly(large + ": larger than 1 MiB");

    Path deep = file("{\"a\": " + "[".repeat(64) + "]".repeat(64) + "}");
    assertThat(problems(deep))
        .singleElement()
        .asString()
        .contains("line 1, column ")
        .endsWith("nested deeper than 64 levels");
  }

  @Test
  void aFileOf64LevelsIsNotTooDeep() throws IOException {
    assertThat(problems(file("{\"a\": " + "[".repeat(63) + "]".repeat(63) + "}")))
        .singleElement()
        .asString()
        .startsWith("a: unknown key");
  }

  @Test
  void aFileThatIsNotUtf8IsRefused() throws IOException {
    Path file = dir.resolve("latin.json");
    Files.write(file, "{\"prices\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(problems(file)).containsExactly(file + ": not UTF-8 text");
  }

  @Test
  void aByteOrderMarkIsIgnored() throws IOException {
    assertThat(problems(file("\uFEFF{}"))).isEmpty();
  }

  @Test
  void problemsInTheEnvironmentAreReportedTogetherWithABrokenFile() throws IOException {
    Path file = file("{");

    assertThatThrownBy(() -> load(file, Map.of("AI_PROVIDER", "azure")))
        .hasRootCauseInstanceOf(ConfigException.class)
        .hasMessageContaining("AI_PROVIDER: \"azure\"")
        .hasMessageContaining("the document ends too early");
  }

  @Test
  void aWatchingRetrieverKeepsTheTextAndRefusesABrokenVersion() throws Exception {
    Path file = file("{\"provider\": \"legacy\"}");
    ConfigRetriever retriever =
        ConfigRetriever.create(vertx, ConfigLoader.options("p.json", file, -1));

    assertThat(await(retriever).getString(StrictJsonProcessor.TEXT))
        .isEqualTo("{\"provider\": \"legacy\"}");
    Files.writeString(file, "{\"provider\": 1, \"provider\": 2}");
    assertThatThrownBy(() -> await(retriever)).hasRootCauseInstanceOf(ConfigException.class);
    retriever.close().toCompletionStage().toCompletableFuture().join();
  }

  private static JsonObject await(ConfigRetriever retriever) {
    return retriever.getConfig().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void anEmbeddersDocumentIsReadTheSameWay() {
    JsonObject document =
        new JsonObject()
            .put("provider", "foundry")
            .put("server", new JsonObject().put("port", 0))
            .put("retryBudget", new JsonObject().put("ratio", 0.5f))
            .put("userKeyFields", new JsonArray().add("user"));

    Loaded loaded = ConfigLoader.parse(document, Map.of("AI_LEGACY_URL", "http://old"));

    assertThat(loaded.settings().server().port()).isZero();
    assertThat(loaded.settings().retryBudget().ratio()).isEqualTo(0.5);
    assertThat(loaded.sources().get("provider")).hasToString("document");
    assertThat(loaded.sources().get("providers.legacy.url"))
        .hasToString("environment AI_LEGACY_URL");
  }

  @Test
  void anEmbeddersDocumentThatIsNoJsonIsRefused() {
    JsonObject circular = new JsonObject();
    circular.put("server", circular);

    assertThatThrownBy(() -> ConfigLoader.parse(circular, Map.of()))
        .isInstanceOf(ConfigException.class);
    assertThatThrownBy(
            () -> ConfigLoader.parse(new JsonObject().put("server", new Object()), Map.of()))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void aNumberThatIsNoNumberIsRefused() {
    JsonObject document =
        new JsonObject().put("retryBudget", new JsonObject().put("ratio", Double.NaN));

    assertThatThrownBy(() -> ConfigLoader.parse(document, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("retryBudget.ratio");
  }

  @Test
  void settingsCanOnlyBeReadAndNotChanged() {
    Settings settings = Documents.read("{}").settings();

    assertThatThrownBy(() -> settings.agents().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> settings.providers().foundry().upstream().headers().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> settings.canary().stages().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
