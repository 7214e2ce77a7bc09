package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
  private static OutputUnit validate(String document) throws IOException {
    JsonObject schema = new JsonObject(Files.readString(Path.of("conf/proxy.schema.json")));
    JsonSchemaOptions options =
        new JsonSchemaOptions()
            .setBaseUri("https://schema.invalid")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);
    return Validator.create(JsonSchema.of(schema), options).validate(new JsonObject(document));
  }

  @ParameterizedTest
  @ValueSource(strings = {"conf/proxy.json", "conf/demo.json"})
  void acceptsTheCommittedFiles(String file) throws IOException {
    OutputUnit result = validate(Files.readString(Path.of(file)));

    assertThat(result.getValid()).as(String.valueOf(result.getErrors())).isTrue();
  }

  @Test
  void acceptsPlaceholdersInPlaceOfAnyValue() throws IOException {
    String document =
        "{'server': {'port': '${PORT:80}', 'host': '${HOST}'}, 'enrichUsage': '${ENRICH:true}',"
            + " 'timeouts': {'stream': '${STREAM:1m}'}, 'provider': '${MODE}'}";

    assertThat(validate(document.replace('\'', '"')).getValid()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"33554432", "'32MiB'", "'8MB'", "'512KiB'", "'1kB'", "'${SIZE}'"})
  void acceptsSizesWithAndWithoutUnits(String size) throws IOException {
    String document = "{'server': {'maxBodyBytes': %s}}".formatted(size);
    assertThat(validate(document.replace('\'', '"')).getValid()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'server': {'maxBodyBytes': '32'}}",
        "{'server': {'maxBodyBytes': '32mib'}}",
        "{'server': {'prot': 1}}",
        "{'server': {'port': 70000}}",
        "{'server': {'port': '80'}}",
        "{'provider': 'azure'}",
        "{'timeouts': {'stream': '15'}}",
        "{'canary': {'stages': []}}",
        "{'routes': [{'replay': 'safe'}]}",
        "{'agents': {'A b': {'requestTypes': ['x']}}}",
        "{'providers': {'foundry': {'url': 'ftp://x'}}}"
      })
  void refusesWhatTheBinderRefuses(String document) throws IOException {
    assertThat(validate(document.replace('\'', '"')).getValid()).isFalse();
    assertThat(Documents.problems(document)).isNotEmpty();
  }
}
