package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.huntaze.rollout.config.SettingType.Kind;
import com.huntaze.rollout.config.SettingType.ListOf;
import com.huntaze.rollout.config.SettingType.MapOf;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import com.huntaze.rollout.config.SettingType.Scalar;

/** Writes the tables of {@code docs/configuration.md}: one per top-level object, a row per key. */
final class ReferenceWriter {
  private static final int LONGEST_DEFAULT = 60;
  private static final String HEAD =
      "| key | type | default | range | what it does |\n|---|---|---|---|---|\n";

  private final StringBuilder out = new StringBuilder();

  private ReferenceWriter() {}

  /** The tables as Markdown. */
  static String write() {
    ReferenceWriter writer = new ReferenceWriter();
    for (Property property : SettingModel.ROOT.properties()) {
      writer.section(property);
    }
    return writer.out.toString();
  }

  private void section(Property property) {
    out.append("\n### `").append(property.key()).append("`\n");
    out.append(property.setting().value()).append("\n\n").append(HEAD);
    if (!(property.type() instanceof ObjectOf) || property.nullable()) {
      row(property, property.key());
    }
    below(property.type(), property.key());
  }

  private void below(SettingType type, String path) {
    if (type instanceof ObjectOf object) {
      for (Property property : object.properties()) {
        String inner = path + "." + property.key();
        if (!(property.type() instanceof ObjectOf) || property.nullable()) {
          row(property, inner);
        }
        below(property.type(), inner);
      }
    } else if (type instanceof ListOf list) {
      below(list.element(), path + "[]");
    } else if (type instanceof MapOf map) {
      below(map.element(), path + ".<name>");
    } else if (!(type instanceof Scalar)) {
      throw new AssertionError(type);
    }
  }

  private void row(Property property, String path) {
    out.append("| `").append(path).append("` | ").append(words(property));
    out.append(" | ").append(fallback(property.fallback()));
    out.append(" | ").append(range(property.type()));
    out.append(" | ").append(cell(property.setting().value()));
    out.append(" |\n");
  }

  private static String words(Property property) {
    String unit = property.setting().unit();
    return type(property.type())
        + (unit.isEmpty() ? "" : ", " + unit)
        + (property.nullable() ? " or null" : "")
        + (property.setting().secret() ? ", secret" : "");
  }

  private static String type(SettingType type) {
    if (type instanceof ListOf list) {
      return "list of " + type(list.element());
    } else if (type instanceof MapOf map) {
      return "object of " + type(map.element());
    } else if (type instanceof Scalar scalar) {
      return switch (scalar.kind()) {
        case BOOLEAN -> "boolean";
        case INT, LONG -> scalar.isBytes() ? "size" : "integer";
        case DOUBLE, DECIMAL -> "number";
        case TEXT -> "text";
        case DURATION -> "duration";
        case URL -> "URL";
        case CHOICE -> "choice";
      };
    } else if (type instanceof ObjectOf) {
      return "object";
    }
    throw new AssertionError(type);
  }

  private static String fallback(JsonNode fallback) {
    if (fallback == null) {
      return "required";
    }
    String json = fallback.toString();
    return json.length() > LONGEST_DEFAULT ? "see `conf/proxy.json`" : code(json);
  }

  private static String range(SettingType type) {
    if (type instanceof ListOf list) {
      int least = list.setting().minItems();
      String elements = range(list.element());
      return least == 0
          ? elements
          : "at least " + least + (elements.isEmpty() ? "" : "; " + elements);
    } else if (type instanceof MapOf map) {
      return range(map.element());
    } else if (type instanceof Scalar scalar) {
      return scalarRange(scalar);
    } else if (type instanceof ObjectOf) {
      return "";
    }
    throw new AssertionError(type);
  }

  private static String scalarRange(Scalar type) {
    if (type.kind() == Kind.BOOLEAN) {
      return "";
    }
    boolean bounded = !type.setting().min().isEmpty();
    return cell(bounded ? ScalarReader.rangeWords(type.setting()) : ScalarReader.typeWords(type));
  }

  private static String code(String text) {
    return "`" + cell(text) + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
