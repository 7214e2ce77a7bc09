package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A Javadoc begins with a noun phrase or a verb, and not with a riddle. */
class JavadocTest {
  private static final Pattern RIDDLE =
      Pattern.compile(
          "/\\*\\*[\\s*]*+(?:What|Whether|Who|Whom|Whose|How|When|Where|Which|Why)\\b[^*\\n]*");

  private static List<String> riddles(String text) {
    return RIDDLE.matcher(text).results().map(found -> found.group().strip()).toList();
  }

  @Test
  void noJavadocBeginsWithAQuestion() throws IOException {
    List<String> riddles = new ArrayList<>();
    int files = 0;
    for (String root : List.of("src/main/java", "src/test/java", "src/bench")) {
      try (Stream<Path> all = Files.walk(Path.of(root))) {
        for (Path file : all.filter(it -> it.toString().endsWith(".java")).toList()) {
          files++;
          riddles(Files.readString(file))
              .forEach(riddle -> riddles.add(file.getFileName() + ": " + riddle));
        }
      }
    }
    assertThat(riddles).isEmpty();
    assertThat(files).isGreaterThan(500);
  }

  @Test
  void aRiddleIsFound() {
    assertThat(riddles("/** " + "Whether it is so. */")).hasSize(1);
    assertThat(riddles("/**\n   * " + "What it is.\n   */")).hasSize(1);
    assertThat(riddles("/** Returns whether it is so. */")).isEmpty();
  }
}
