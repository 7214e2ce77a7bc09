package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.huntaze.rollout.config.SettingType.Scalar;
import com.huntaze.rollout.settings.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the variables and the flags that set values; each is checked by its setting's own rules.
 */
final class LayerReader {
  /** The variable of the router's key; see {@link SettingsReader} for when it is used. */
  static final String ROUTER_KEY = "AI_ROUTER_API_KEY";

  private final Map<String, Layer.Value> values = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private StartPercentage startPercentage;

  private LayerReader() {}

  /** An empty variable counts as one that is not set. */
  static Layer environment(Map<String, String> environment) {
    LayerReader reader = new LayerReader();
    environment.forEach(
        (name, text) -> {
          if (!text.isBlank()) {
            reader.variable(Source.environment(name), text.strip());
          }
        });
    return reader.layer("environment");
  }

  static Layer flags(Flags flags) {
    LayerReader reader = new LayerReader();
    reader.flag("server.port", "--port", flags.port());
    reader.flag("admin.port", "--admin-port", flags.adminPort());
    if (flags.provider() != null) {
      String mode = flags.provider().toLowerCase(Locale.ROOT);
      reader.set("provider", Source.flag("--provider"), mode, flags.provider());
    }
    if (flags.canary() != null) {
      reader.percentage(Source.flag("--canary"), flags.canary());
    }
    return reader.layer("flags");
  }

  private void variable(Source source, String text) {
    switch (source.name()) {
      case "AI_PROVIDER" -> set("provider", source, text.toLowerCase(Locale.ROOT), text);
      case "AI_ROUTER_URL" -> set("providers.foundry.url", source, text, text);
      case "AI_LEGACY_URL" -> set("providers.legacy.url", source, text, text);
      case "AI_CANARY_PERCENTAGE" -> percentage(source, text);
      case "AI_FALLBACK_ENABLED" -> fallback(source, text);
      default -> {}
    }
  }

  private void flag(String path, String flag, String text) {
    if (text != null) {
      set(path, Source.flag(flag), text, text);
    }
  }

  private void set(String path, Source source, String text, String typed) {
    Scalar type = (Scalar) SettingModel.find(path).type();
    ScalarReader.Reading reading = ScalarReader.readText(type, text);
    if (reading.failed()) {
      problems.add(new Problem(source.name(), ShownValue.quoted(typed), reading.expectation()));
    } else {
      values.put(path, new Layer.Value(node(reading.value(), text), source));
    }
  }

  private void fallback(Source source, String text) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> set("fallback.enabled", source, "true", text);
      case "false", "0", "no" -> set("fallback.enabled", source, "false", text);
      default ->
          problems.add(
              new Problem(source.name(), ShownValue.quoted(text), "true, false, 1, 0, yes or no"));
    }
  }

  private void percentage(Source source, String text) {
    if (text.matches("[0-9]{1,2}|100")) {
      startPercentage = new StartPercentage(Integer.parseInt(text), source);
    } else {
      String shown = text.matches("-?[0-9]{1,18}") ? text : ShownValue.quoted(text);
      problems.add(new Problem(source.name(), shown, "a whole number, 0..100"));
    }
  }

  private static JsonNode node(Object value, String text) {
    if (value instanceof Boolean flag) {
      return BooleanNode.valueOf(flag);
    }
    return value instanceof Integer number ? IntNode.valueOf(number) : TextNode.valueOf(text);
  }

  private Layer layer(String name) {
    return new Layer(name, values, Optional.ofNullable(startPercentage), problems);
  }
}
