package com.huntaze.rollout.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.config.SettingType.Kind;
import com.huntaze.rollout.config.SettingType.ListOf;
import com.huntaze.rollout.config.SettingType.MapOf;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import com.huntaze.rollout.config.SettingType.Scalar;
import com.huntaze.rollout.settings.BytesText;
import com.huntaze.rollout.settings.DurationText;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.Setting;
import java.math.BigDecimal;

/**
 * Writes the JSON Schema (2020-12) of the configuration, for editors. It says what a single value
 * may be; rules between values are the records' own.
 */
final class SchemaWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String PLACEHOLDER = "#/$defs/placeholder";

  private SchemaWriter() {}

  /** The schema of the whole document as text, ending in a line feed. */
  static String write() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    Separators separators =
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
    printer.indentObjectsWith(indenter);
    try {
      return JsonMapper.builder().build().writer(printer).writeValueAsString(schema()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the schema could not be written", e);
    }
  }

  private static ObjectNode schema() {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "rollout-proxy configuration");
    ObjectNode document = object(SettingModel.ROOT);
    ObjectNode self = JSON.objectNode().put("description", "This schema, for editors; ignored.");
    ((ObjectNode) document.get("properties")).set("$schema", self.put("type", "string"));
    schema.setAll(document);
    schema
        .putObject("$defs")
        .putObject("placeholder")
        .put("description", "Filled from the environment or a file when the file is loaded.")
        .put("type", "string")
        .put("pattern", "\\$\\{[^}]+\\}");
    return schema;
  }

  private static ObjectNode object(ObjectOf type) {
    ObjectNode schema = JSON.objectNode().put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JSON.arrayNode();
    for (Property property : type.properties()) {
      properties.set(property.key(), property(property));
      if (property.fallback() == null) {
        required.add(property.key());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static ObjectNode property(Property property) {
    ObjectNode schema = JSON.objectNode();
    schema.put("description", description(property));
    ObjectNode value = value(property.type());
    if (property.nullable()) {
      ArrayNode options = JSON.arrayNode();
      if (value.has("anyOf")) {
        options.addAll((ArrayNode) value.get("anyOf"));
      } else {
        options.add(value);
      }
      options.add(JSON.objectNode().put("type", "null"));
      schema.set("anyOf", options);
    } else {
      schema.setAll(value);
    }
    if (property.fallback() != null && !(property.type() instanceof ObjectOf)) {
      schema.set("default", property.fallback());
    }
    return schema;
  }

  private static String description(Property property) {
    String unit = property.setting().unit();
    return property.setting().value() + (unit.isEmpty() ? "" : " In " + unit + ".");
  }

  private static ObjectNode value(SettingType type) {
    if (type instanceof Scalar scalar) {
      return scalar(scalar);
    } else if (type instanceof ListOf list) {
      return list(list);
    } else if (type instanceof MapOf map) {
      ObjectNode schema = JSON.objectNode().put("type", "object");
      schema.putObject("propertyNames").put("pattern", map.setting().keyPattern());
      schema.set("additionalProperties", value(map.element()));
      return schema;
    } else if (type instanceof ObjectOf object) {
      return object(object);
    }
    throw new AssertionError(type);
  }

  private static ObjectNode list(ListOf list) {
    ObjectNode schema = JSON.objectNode().put("type", "array");
    if (list.setting().minItems() > 0) {
      schema.put("minItems", list.setting().minItems());
    }
    schema.set("items", value(list.element()));
    return schema;
  }

  private static ObjectNode scalar(Scalar type) {
    ObjectNode own = plain(type);
    if (type.kind() == Kind.TEXT && !own.has("pattern")) {
      return own;
    }
    ObjectNode either = JSON.objectNode();
    ArrayNode options = either.putArray("anyOf").add(own);
    if (type.isBytes()) {
      pattern(options.addObject().put("type", "string"), BytesText.PATTERN);
    }
    options.addObject().put("$ref", PLACEHOLDER);
    return either;
  }

  private static ObjectNode plain(Scalar type) {
    ObjectNode schema = JSON.objectNode();
    switch (type.kind()) {
      case BOOLEAN -> schema.put("type", "boolean");
      case INT, LONG -> range(schema.put("type", "integer"), type.setting());
      case DOUBLE, DECIMAL -> range(schema.put("type", "number"), type.setting());
      case TEXT -> pattern(schema.put("type", "string"), type.setting().pattern());
      case DURATION -> pattern(schema.put("type", "string"), DurationText.PATTERN);
      case URL -> pattern(schema.put("type", "string"), HttpUrl.PATTERN);
      case CHOICE -> {
        ArrayNode labels = schema.putArray("enum");
        ScalarReader.labels(type).forEach(labels::add);
      }
      default -> throw new AssertionError(type.kind());
    }
    return schema;
  }

  private static void range(ObjectNode schema, Setting setting) {
    schema.set("minimum", number(setting.min()));
    schema.set("maximum", number(setting.max()));
  }

  private static JsonNode number(String text) {
    BigDecimal number = new BigDecimal(text);
    return number.scale() <= 0 ? JSON.numberNode(number.longValueExact()) : JSON.numberNode(number);
  }

  private static void pattern(ObjectNode schema, String pattern) {
    if (!pattern.isEmpty()) {
      schema.put("pattern", pattern);
    }
  }
}
