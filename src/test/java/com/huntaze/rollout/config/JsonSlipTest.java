package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Habits from other formats get a sentence of their own, with the place to mend. */
class JsonSlipTest {
  private static String refusal(String text) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> StrictJson.parse("proxy.json", text));
    assertThat(refused.problems()).hasSize(1);
    return refused.problems().get(0).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\": 1,} | line 1, column 8: a comma before } (expected: none after the last entry)",
        "{\"a\": [1, 2,\\n]} | line 1, column 12: a comma before ] (expected: none after the last entry)",
        "{\\n \"a\": {\"b\": \",}\",\\n } } | line 2, column 17: a comma before } (expected: none after the last entry)",
        "{'a': 1} | line 1, column 2: single quotes are not JSON (expected: double quotes)",
        "{\"it's\":\\n 'x'} | line 2, column 2: single quotes are not JSON (expected: double quotes)",
        "{\"a\": 1} // no | line 1, column 10: comments are not JSON",
        "{\"a\": 1, # why\\n \"b\": 2} | line 1, column 10: comments are not JSON",
        "# one\\n{\"a\": 1} | line 1, column 1: comments are not JSON",
        "{\"a\": /* x */ 1} | line 1, column 7: comments are not JSON",
        "{\"a\": \"http://x#y\", /* x */ 1} | line 1, column 21: comments are not JSON",
        "server:\\n  port: 80 | line 1, column 1: this is YAML (expected: a JSON object)",
        "# mine\\n\\nserver:\\n  port: 80 | line 3, column 1: this is YAML (expected: a JSON object)",
        "---\\nprovider: legacy | line 1, column 1: this is YAML (expected: a JSON object)",
        "- a\\n- b | line 1, column 1: this is YAML (expected: a JSON object)",
        "provider: legacy | line 1, column 1: this is YAML (expected: a JSON object)",
        "{\"a\":\uFEFF 1} | line 1, column 6: a byte order mark within the text (expected: none, or one at its beginning)",
      })
  void tellsWhatWasMeant(String text, String sentence) {
    assertThat(refusal(text.replace("\\n", "\n"))).isEqualTo("proxy.json: " + sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\": hunter2, } | line 1, column 7: not valid JSON: a word without double quotes",
        "{\"a\" \"b\", 'c': 1} | line 1, column 6: not valid JSON: no colon between a key and its value",
        "{\"a\": \"x\\ny\", // z\\n} | line 1, column 9: not valid JSON",
        "{a: 1} | line 1, column 2: not valid JSON: a key without double quotes",
        "not json | line 1, column 1: not valid JSON: a word without double quotes",
        "{\"a\": 1 \"b\": 2,} | line 1, column 9: not valid JSON: no comma between two entries",
        "{\"a\": {}\\n \"b\": 2} | line 2, column 2: not valid JSON: no comma between two entries",
        "{\"a\": [1 2]} | line 1, column 10: not valid JSON: no comma between two entries"
      })
  void blamesNothingThatStandsBehindTheFault(String text, String sentence) {
    assertThat(refusal(text.replace("\\n", "\n"))).isEqualTo("proxy.json: " + sentence);
  }

  /** As it is put into {@code ROLLOUT_CONFIG}, which is the document itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/rollout/proxy.json\n",
        "./conf",
        "~/x",
        "proxy.json",
        "C:\\conf\\proxy.json"
      })
  void aPathIsNoDocument(String text) {
    assertThat(refusal(text))
        .isEqualTo(
            "proxy.json: line 1, column 1: this is the path of a file (expected: the JSON object"
                + " itself)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE"})
  void aByteOrderMarkOfAnotherEncodingNamesIt(String encoding) {
    byte[] bytes = "\uFEFF{}".getBytes(Charset.forName(encoding));
    assertThatThrownBy(() -> StrictJson.decode("proxy.json", bytes))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "proxy.json: UTF-16 text, as its byte order mark says (expected: UTF-8)");
  }

  @Test
  void theByteOrderMarkOfUtf8IsNoFault() {
    byte[] bytes = "\uFEFF{\"a\": 1}".getBytes(StandardCharsets.UTF_8);
    String text = StrictJson.decode("proxy.json", bytes);
    assertThat(StrictJson.parse("proxy.json", text).get("a").intValue()).isEqualTo(1);
  }
}
