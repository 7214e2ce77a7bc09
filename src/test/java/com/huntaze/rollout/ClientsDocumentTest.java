package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/clients.md speaks of the clients that are run, and of the versions that are run. */
class ClientsDocumentTest {
  private static final Path SOURCES = Path.of("src", "test", "js");
  private static final Pattern VERSIONED =
      Pattern.compile("`(@?[a-z][a-z/-]+)` (\\d+\\.\\d+\\.\\d+)");

  /** Needed by the others, and no client. */
  private static final Set<String> AROUND = Set.of("zod");

  @Test
  void theVersionsAreThoseThatAreRun() throws IOException {
    JsonObject pinned =
        new JsonObject(Files.readString(SOURCES.resolve("package.json")))
            .getJsonObject("dependencies");
    JsonObject told = new JsonObject();
    Matcher named = VERSIONED.matcher(Files.readString(Path.of("docs", "clients.md")));
    while (named.find()) {
      told.put(named.group(1), named.group(2));
    }
    AROUND.forEach(pinned::remove);
    assertThat(told.getMap()).isEqualTo(pinned.getMap());
    Matcher java =
        Pattern.compile("<openai.version>(.*)</").matcher(Files.readString(Path.of("pom.xml")));
    assertThat(java.find()).isTrue();
    assertThat(Files.readString(Path.of("docs", "clients.md")))
        .contains("openai-java " + java.group(1));
  }

  @Test
  void theLockNamesNoRegistry() throws IOException {
    assertThat(Files.readString(SOURCES.resolve("package-lock.json"))).doesNotContain("resolved");
  }
}
