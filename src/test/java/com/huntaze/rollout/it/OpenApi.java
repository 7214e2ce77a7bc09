package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The description of the admin API, which real answers are held against. */
final class OpenApi {
  private static final String COMPONENTS = "#/components/schemas/";
  private final JsonObject root;

  private OpenApi(JsonObject root) {
    this.root = root;
  }

  static OpenApi read() {
    try {
      String text = Files.readString(Path.of("src", "main", "resources", "openapi.json"));
      return new OpenApi(new JsonObject(text));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The paths that take a method. */
  List<String> paths(String method) {
    JsonObject paths = root.getJsonObject("paths");
    return paths.fieldNames().stream()
        .filter(path -> paths.getJsonObject(path).containsKey(method.toLowerCase(Locale.ROOT)))
        .toList();
  }

  /** An answer's status, media type and body have to be as they are described. */
  void assertDescribed(String method, String path, HttpResponse<String> answer) {
    JsonObject response = response(method, path, answer.statusCode());
    String type = answer.headers().firstValue("Content-Type").orElse("").split(";")[0];
    JsonObject content = response.getJsonObject("content", new JsonObject());
    String what = "%s %s %d".formatted(method, path, answer.statusCode());
    assertThat(content.fieldNames()).as(what).contains(type);
    for (String header : response.getJsonObject("headers", new JsonObject()).fieldNames()) {
      assertThat(answer.headers().firstValue(header)).as(what + ": " + header).isPresent();
    }
    if (type.endsWith("json")) {
      JsonObject schema = content.getJsonObject(type).getJsonObject("schema");
      assertThat(problems(schema, Json.decodeValue(answer.body()))).as(what).isEmpty();
    }
  }

  /** An event's data have to be as they are described. */
  void assertEvent(String name, JsonObject data) {
    JsonObject schema =
        response("GET", "/api/v1/events", 200)
            .getJsonObject("content")
            .getJsonObject("text/event-stream")
            .getJsonObject("schema");
    JsonObject event = new JsonObject().put("event", name).put("data", data);
    assertThat(problems(schema, event)).as(event.encode()).isEmpty();
  }

  /** The names of all events. */
  List<String> events() {
    return response("GET", "/api/v1/events", 200)
        .getJsonObject("content")
        .getJsonObject("text/event-stream")
        .getJsonObject("schema")
        .getJsonArray("oneOf")
        .stream()
        .map(one -> ((JsonObject) one).getJsonObject("properties").getJsonObject("event"))
        .map(event -> event.getString("const"))
        .toList();
  }

  private JsonObject response(String method, String path, int status) {
    JsonObject operations = root.getJsonObject("paths").getJsonObject(path);
    String name = method.toLowerCase(Locale.ROOT);
    // What another method gets stands with those that are taken.
    String taken = operations.containsKey(name) ? name : operations.fieldNames().iterator().next();
    JsonObject one = operations.getJsonObject(taken);
    JsonObject response = one.getJsonObject("responses").getJsonObject(Integer.toString(status));
    assertThat(response).as("%s %s answers %d", method, path, status).isNotNull();
    String reference = response.getString("$ref");
    return reference == null
        ? response
        : root.getJsonObject("components")
            .getJsonObject("responses")
            .getJsonObject(reference.substring(reference.lastIndexOf('/') + 1));
  }

  /** Returns the misfits, in words; empty = it fits. */
  private List<String> problems(JsonObject schema, Object value) {
    JsonObject whole =
        new JsonObject(schema.encode().replace(COMPONENTS, "#/$defs/"))
            .put(
                "$defs",
                new JsonObject(
                    root.getJsonObject("components")
                        .getJsonObject("schemas")
                        .encode()
                        .replace(COMPONENTS, "#/$defs/")));
    OutputUnit result =
        Validator.create(
                JsonSchema.of(whole),
                new JsonSchemaOptions()
                    .setBaseUri("app://openapi")
                    .setDraft(Draft.DRAFT202012)
                    .setOutputFormat(OutputFormat.Basic))
            .validate(value);
    if (result.getValid()) {
      return List.of();
    }
    return result.getErrors().stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getError())
        .toList();
  }

  /** Returns the misfits of a value to a named schema. */
  List<String> problems(String schema, Object value) {
    return problems(new JsonObject().put("$ref", COMPONENTS + schema), value);
  }
}
