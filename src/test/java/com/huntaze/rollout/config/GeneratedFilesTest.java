package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The schema and the reference are made from the records; {@code -Dconfig.rewrite} makes them. */
class GeneratedFilesTest {
  private static final Path SCHEMA = Path.of("conf/proxy.schema.json");
  private static final Path REFERENCE = Path.of("docs/configuration.md");
  private static final String BEGIN = "<!-- generated: begin -->\n";
  private static final String END = "<!-- generated: end -->\n";

  @Test
  void theCommittedSchemaIsTheGeneratedOne() throws IOException {
    compare(SCHEMA, SchemaWriter.write());
  }

  @Test
  void theCommittedReferenceIsTheGeneratedOne() throws IOException {
    String page = Files.readString(REFERENCE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    compare(REFERENCE, page.substring(0, begin) + ReferenceWriter.write() + page.substring(end));
  }

  private static void compare(Path file, String generated) throws IOException {
    if (Boolean.getBoolean("config.rewrite")) {
      Files.writeString(file, generated);
    }
    assertThat(Files.readString(file))
        .as("%s differs: run this test with -Dconfig.rewrite=true", file)
        .isEqualTo(generated);
  }
}
