package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceholdersTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("A", "alpha", "EMPTY", "", "TRICK", "${A}");

  @TempDir Path dir;

  private static String salt(String text) {
    String document = "{'canary': {'salt': '" + text + "'}}";
    return Documents.read(document, ENVIRONMENT).settings().canary().salt();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "${A} alpha",
        "x-${A}-${A}-y x-alpha-alpha-y",
        "${NONE:beta} beta",
        "${NONE:b:c} b:c",
        "x${NONE:}x xx",
        "${EMPTY:beta} beta",
        "$${A} ${A}",
        "$$${A} $${A}",
        "$A $A",
        "a$ a$",
        "${TRICK} ${A}",
        "{A} {A}",
      })
  void fillsWhatTheEnvironmentHas(String text, String filled) {
    assertThat(salt(text)).isEqualTo(filled);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${NONE}|the environment variable NONE to be set, or a default after a colon",
        "${EMPTY}|the environment variable EMPTY to be set, or a default after a colon",
        "x${A|a } that ends the placeholder",
        "${}|${NAME}, ${NAME:default} or ${file:path}",
        "${a b}|${NAME}, ${NAME:default} or ${file:path}",
        "${file:none.txt}|a file that exists",
        "${file:}|a file that exists",
      })
  void saysWhatIsWrongWithAPlaceholder(String text, String expectation) {
    assertThat(Documents.problems("{'canary': {'salt': '" + text + "'}}", ENVIRONMENT, Flags.NONE))
        .containsExactly("canary.salt: \"" + text + "\" (expected: " + expectation + ")");
  }

  @Test
  void aWholePlaceholderMayStandForAnyKindOfValue() {
    String document =
        "{'server': {'port': '${PORT}'}, 'enrichUsage': '${ENRICH:false}',"
            + " 'retryBudget': {'ratio': '${RATIO}'}, 'timeouts': {'stream': '${STREAM}'}}";
    Settings settings =
        Documents.read(document, Map.of("PORT", "81", "RATIO", "0.5", "STREAM", "1h")).settings();

    assertThat(settings.server().port()).isEqualTo(81);
    assertThat(settings.enrichUsage()).isFalse();
    assertThat(settings.retryBudget().ratio()).isEqualTo(0.5);
    assertThat(settings.timeouts().stream()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aPartialPlaceholderIsNoNumber() {
    assertThat(Documents.problems("{'server': {'port': '8${P}'}}", Map.of("P", "1"), Flags.NONE))
        .containsExactly("server.port: \"8${P}\" (expected: a whole number, 0..65535)");
  }

  @Test
  void whatWasFilledInIsNeverShown() {
    assertThat(
            Documents.problems(
                "{'server': {'port': '${P}', 'host': 'a ${P}'}, 'prices': '${P:hunter3}'}",
                Map.of("P", "hunter2\u0000"),
                Flags.NONE))
        .hasSize(3)
        .noneMatch(problem -> problem.contains("hunter2"));
  }

  @Test
  void aFileIsReadWithoutItsLineEnd() throws IOException {
    Files.writeString(dir.resolve("key"), "s3cret\n");
    Files.writeString(dir.resolve("dos"), "s3cret\r\n");
    Files.writeString(dir.resolve("two"), "s3cret\n\n");

    assertThat(fill("${file:key}")).isEqualTo("s3cret");
    assertThat(fill("${file:" + dir.resolve("key") + "}")).isEqualTo("s3cret");
    assertThat(fill("Bearer ${file:dos}")).isEqualTo("Bearer s3cret");
    assertThat(fill("${file:two}")).isEqualTo("s3cret\n");
  }

  @Test
  void aFileThatCannotBeASecretIsRefused() throws IOException {
    Files.write(dir.resolve("binary"), new byte[] {(byte) 0xff});
    Files.write(dir.resolve("large"), new byte[64 * 1024 + 1]);
    Placeholders placeholders = new Placeholders(Map.of(), dir);

    assertThat(placeholders.fill("${file:binary}").wrong())
        .isEqualTo("a readable file with UTF-8 text");
    assertThat(placeholders.fill("${file:large}").wrong()).isEqualTo("a file of at most 64 KiB");
    assertThat(placeholders.fill("${file:.}").wrong()).isEqualTo("a file that exists");
    assertThat(placeholders.fill("${file:a\u0000b}").wrong())
        .isEqualTo("a readable file with UTF-8 text");
  }

  @Test
  void aSecretsTemplateIsShownOnlyAsFarAsItIsNoSecret() {
    assertThat(Placeholders.masked("${TOKEN}")).isEqualTo("\"${TOKEN}\"");
    assertThat(Placeholders.masked("${TOKEN:}")).isEqualTo("\"${TOKEN:}\"");
    assertThat(Placeholders.masked("${file:/run/token}")).isEqualTo("\"${file:/run/token}\"");
    assertThat(Placeholders.masked("${TOKEN:hunter2}")).isEqualTo("\"${TOKEN:***}\"");
    assertThat(Placeholders.masked("hunter2${TOKEN}")).isEqualTo("***");
    assertThat(Placeholders.masked("$${hunter2}")).isEqualTo("***");
  }

  private String fill(String text) {
    return new Placeholders(Map.of(), dir).fill(text).text();
  }
}
