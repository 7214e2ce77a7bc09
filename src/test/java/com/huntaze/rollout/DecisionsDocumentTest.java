package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/decisions.md} is numbered, dated and indexed, and the code cites what is there. */
class DecisionsDocumentTest {
  private static final Pattern SECTION =
      Pattern.compile(
          "(?m)^### (\\d+)\\. (.+)\\n\\*(\\d{4}-\\d\\d-\\d\\d)\\*\\n\\n- \\*\\*Context:");

  private static final Pattern INDEXED =
      Pattern.compile("(?m)^- \\[(\\d+)]\\(#\\d+-[^)]+\\) (.+)$");
  private static final Pattern HEADING = Pattern.compile("(?m)^### .+$");
  private static final Pattern CITED = Pattern.compile("[Dd]ecision (\\d+)");

  private static TreeMap<Integer, String> found(Pattern pattern, String text) {
    TreeMap<Integer, String> found = new TreeMap<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      assertThat(found.put(Integer.valueOf(matcher.group(1)), matcher.group(2)))
          .as("a second %s", matcher.group(1))
          .isNull();
    }
    return found;
  }

  @Test
  void eachDecisionHasItsNumberItsDateAndItsPlaceInTheIndex() throws IOException {
    String text = Files.readString(Path.of("docs/decisions.md"));
    TreeMap<Integer, String> decisions = found(SECTION, text);
    assertThat(decisions.size()).isEqualTo(HEADING.matcher(text).results().count());
    assertThat(decisions.keySet())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, decisions.size()).boxed().toList());
    assertThat(found(INDEXED, text)).isEqualTo(decisions);
  }

  @Test
  void whatTheCodeCitesIsThere() throws IOException {
    TreeMap<Integer, String> decisions =
        found(SECTION, Files.readString(Path.of("docs/decisions.md")));
    TreeSet<Integer> cited = new TreeSet<>();
    List<String> missing = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
        Matcher citation = CITED.matcher(Files.readString(file));
        while (citation.find()) {
          int number = Integer.parseInt(citation.group(1));
          cited.add(number);
          if (!decisions.containsKey(number)) {
            missing.add(file.getFileName() + " cites " + citation.group());
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(cited).hasSizeGreaterThan(20);
  }
}
