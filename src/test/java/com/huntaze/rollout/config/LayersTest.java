package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.StageSettings;
import com.huntaze.rollout.provider.ProviderMode;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Precedence: flag, environment, file, default; and the source of each value. */
class LayersTest {
  private static final Source FILE = Source.file("conf/x.json");

  private static Flags provider(String mode) {
    return new Flags(null, null, mode, null);
  }

  private static Flags canary(String percentage) {
    return new Flags(null, null, null, percentage);
  }

  @Test
  void theFileWinsOverTheDefault() {
    Loaded loaded = Documents.read("{'provider': 'legacy', 'server': {'port': 81}}");

    assertThat(loaded.settings().provider()).isEqualTo(ProviderMode.LEGACY);
    assertThat(loaded.sources())
        .containsEntry("provider", FILE)
        .containsEntry("server.port", FILE)
        .containsEntry("server.host", Source.DEFAULT);
    assertThat(FILE).hasToString("file conf/x.json");
  }

  @Test
  void theEnvironmentWinsOverTheFile() {
    Loaded loaded = Documents.read("{'provider': 'legacy'}", Map.of("AI_PROVIDER", "Foundry"));

    assertThat(loaded.settings().provider()).isEqualTo(ProviderMode.FOUNDRY);
    assertThat(loaded.sources().get("provider")).hasToString("environment AI_PROVIDER");
  }

  @Test
  void theFlagWinsOverTheEnvironment() {
    Map<String, String> environment = Map.of("AI_PROVIDER", "foundry");
    Loaded loaded = Documents.read("{'provider': 'legacy'}", environment, provider("canary"));

    assertThat(loaded.settings().provider()).isEqualTo(ProviderMode.CANARY);
    assertThat(loaded.sources().get("provider")).hasToString("flag --provider");
  }

  @Test
  void portsComeFromFlags() {
    Loaded loaded = Documents.read("{}", Map.of(), new Flags("0", "9999", null, null));

    assertThat(loaded.settings().server().port()).isZero();
    assertThat(loaded.settings().admin().port()).isEqualTo(9999);
    assertThat(loaded.sources().get("server.port")).hasToString("flag --port");
    assertThat(loaded.sources().get("admin.port")).hasToString("flag --admin-port");
  }

  @Test
  void bothUrlsComeFromTheEnvironment() {
    Loaded loaded =
        Documents.read(
            "{}", Map.of("AI_ROUTER_URL", "https://router", "AI_LEGACY_URL", "http://old:81/v0/"));
    ProvidersSettings providers = loaded.settings().providers();

    assertThat(providers.foundry().upstream().url()).hasToString("https://router");
    assertThat(providers.legacy().upstream().url()).hasToString("http://old:81/v0");
    assertThat(loaded.sources())
        .containsEntry("providers.foundry.url", Source.environment("AI_ROUTER_URL"))
        .containsEntry("providers.legacy.url", Source.environment("AI_LEGACY_URL"));
  }

  @ParameterizedTest
  @CsvSource({"true,true", "1,true", "YES,true", "false,false", "0,false", "no,false"})
  void fallbackIsSwitchedByTheEnvironment(String text, boolean enabled) {
    Loaded loaded = Documents.read("{}", Map.of("AI_FALLBACK_ENABLED", text));

    assertThat(loaded.settings().fallback().enabled()).isEqualTo(enabled);
    assertThat(loaded.sources().get("fallback.enabled"))
        .hasToString("environment AI_FALLBACK_ENABLED");
  }

  @Test
  void anEmptyVariableIsNotSet() {
    Loaded loaded =
        Documents.read("{}", Map.of("AI_PROVIDER", "", "AI_CANARY_PERCENTAGE", " ", "X", ""));

    assertThat(loaded).isEqualTo(Documents.read("{}"));
  }

  @Test
  void aBadVariableOrFlagIsNamed() {
    Map<String, String> environment =
        Map.of("AI_FALLBACK_ENABLED", "maybe", "AI_ROUTER_URL", "http://me:hunter2@h");

    assertThat(Documents.problems("{}", environment, provider("azure")))
        .containsExactlyInAnyOrder(
            "AI_FALLBACK_ENABLED: \"maybe\" (expected: true, false, 1, 0, yes or no)",
            "AI_ROUTER_URL: \"http://***@h\" (expected: an http:// or https:// URL without user"
                + " info, query and fragment)",
            "--provider: \"azure\" (expected: foundry, legacy or canary)");
  }

  @Test
  void aBadVariableIsReportedEvenWhereAFlagIsStronger() {
    assertThat(Documents.problems("{}", Map.of("AI_PROVIDER", "azure"), provider("legacy")))
        .containsExactly("AI_PROVIDER: \"azure\" (expected: foundry, legacy or canary)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"101", "-1", "ten", "1.5", "10%", "99999999999999999999"})
  void aBadPercentageIsNamed(String text) {
    String shown = text.matches("-?[0-9]{1,18}") ? text : '"' + text + '"';

    assertThat(Documents.problems("{}", Map.of("AI_CANARY_PERCENTAGE", text), Flags.NONE))
        .containsExactly("AI_CANARY_PERCENTAGE: " + shown + " (expected: a whole number, 0..100)");
  }

  @Test
  void noPercentageIsExplicitUnlessSomebodyGivesOne() {
    assertThat(Documents.read("{}").explicitPercentage()).isEmpty();
  }

  @Test
  void anExplicitPercentageIsTheFirstStages() {
    Loaded loaded = Documents.read("{}", Map.of("AI_CANARY_PERCENTAGE", "25"));

    assertThat(loaded.explicitPercentage()).isEqualTo(OptionalInt.of(25));
    assertThat(loaded.startPercentage())
        .contains(new StartPercentage(25, Source.environment("AI_CANARY_PERCENTAGE")));
    assertThat(percentages(loaded)).containsExactly(25, 50, 100);
    assertThat(loaded.sources())
        .containsEntry("canary.stages[0].percentage", Source.environment("AI_CANARY_PERCENTAGE"))
        .containsEntry("canary.stages[0].bake", Source.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 50, 51, 100})
  void anExplicitPercentageThatWouldBreakTheLadderIsKeptApart(int percentage) {
    Loaded loaded = Documents.read("{}", Map.of(), canary(Integer.toString(percentage)));

    assertThat(loaded.explicitPercentage()).hasValue(percentage);
    assertThat(loaded.startPercentage().orElseThrow().source()).hasToString("flag --canary");
    assertThat(percentages(loaded)).containsExactly(10, 50, 100);
    assertThat(loaded.sources()).containsEntry("canary.stages[0].percentage", Source.DEFAULT);
  }

  @Test
  void anExplicitPercentageMayBeAnythingForASingleStage() {
    String oneStage = "{'canary': {'stages': [{'phase': 'all', 'percentage': 5}]}}";

    assertThat(percentages(Documents.read(oneStage, Map.of(), canary("100")))).containsExactly(100);
  }

  @Test
  void theFlagsPercentageWinsOverTheEnvironments() {
    Loaded loaded = Documents.read("{}", Map.of("AI_CANARY_PERCENTAGE", "5"), canary("7"));

    assertThat(loaded.explicitPercentage()).hasValue(7);
  }

  /** A port that nobody else reaches, so that it may have a key behind it. */
  private static final String LOCAL = "{'server': {'host': '127.0.0.1'}}";

  @Test
  void theRoutersKeyFillsTheDefaultHeader() {
    Loaded loaded = Documents.read(LOCAL, Map.of("AI_ROUTER_API_KEY", "hunter2"));

    assertThat(foundryHeaders(loaded)).isEqualTo(Map.of("X-API-Key", "hunter2"));
    assertThat(loaded.settings().providers().legacy().upstream().headers()).isEmpty();
    assertThat(loaded.sources())
        .containsEntry(
            "providers.foundry.headers.X-API-Key", Source.environment("AI_ROUTER_API_KEY"));
  }

  @Test
  void theRoutersKeyIsAddedToHeadersThatDoNotMentionIt() {
    String document =
        "{'server': {'host': '127.0.0.1'}, 'providers': {'foundry': {'headers': {'X-Team': 'a'}}}}";
    Loaded with = Documents.read(document, Map.of("AI_ROUTER_API_KEY", "hun${ter}2"));

    assertThat(foundryHeaders(with)).isEqualTo(Map.of("X-Team", "a", "X-API-Key", "hun${ter}2"));
    assertThat(with.sources())
        .containsEntry("providers.foundry.headers.X-Team", FILE)
        .containsEntry(
            "providers.foundry.headers.X-API-Key", Source.environment("AI_ROUTER_API_KEY"));
    assertThat(foundryHeaders(Documents.read(document))).isEqualTo(Map.of("X-Team", "a"));
  }

  @Test
  void theRoutersKeyGivesWayToTheFilesOwnHeader() {
    String document =
        "{'auth': {'open': true}, 'providers': {'foundry': {'headers': {'x-api-key': 'own'}}}}";

    assertThat(foundryHeaders(Documents.read(document, Map.of("AI_ROUTER_API_KEY", "hunter2"))))
        .isEqualTo(Map.of("x-api-key", "own"));
  }

  @Test
  void aListOfTheFileReplacesTheDefaultList() {
    Loaded loaded = Documents.read("{'userKeyFields': ['customer'], 'routes': []}");

    assertThat(loaded.settings().userKeyFields()).containsExactly("customer");
    assertThat(loaded.settings().routes()).isEmpty();
    assertThat(loaded.sources()).containsEntry("userKeyFields", FILE).containsEntry("routes", FILE);
  }

  @Test
  void theSchemaKeyIsIgnored() {
    assertThat(Documents.read("{'$schema': './proxy.schema.json'}"))
        .isEqualTo(Documents.read("{}"));
  }

  private static List<Integer> percentages(Loaded loaded) {
    return loaded.settings().canary().stages().stream().map(StageSettings::percentage).toList();
  }

  private static Map<String, String> foundryHeaders(Loaded loaded) {
    return loaded.settings().providers().foundry().upstream().headers();
  }
}
