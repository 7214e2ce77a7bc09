package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.huntaze.rollout.config.ScalarReader.Reading;
import com.huntaze.rollout.config.SettingType.Inlined;
import com.huntaze.rollout.config.SettingType.ListOf;
import com.huntaze.rollout.config.SettingType.MapOf;
import com.huntaze.rollout.config.SettingType.Member;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import com.huntaze.rollout.config.SettingType.Scalar;
import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Binds one document to the records, collecting every problem and the source of every value. Used
 * once.
 *
 * <p>A value that fails is replaced by its default, so that the records around it can be made and
 * their rules checked as well; a record with such a stand-in directly in it is not checked, because
 * its complaint would be about a value that nobody wrote.
 */
final class Binder {
  /** Stands for a value that could not be made; its problem is already noted. */
  private static final Object FAILED = new Object();

  private final Placeholders placeholders;
  private final Map<String, Source> overridden;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Set<String> fromFiles = new HashSet<>();

  /**
   * @param placeholders fills the texts
   * @param overridden the sources of the values that a stronger layer has put into the document
   */
  Binder(Placeholders placeholders, Map<String, Source> overridden) {
    this.placeholders = placeholders;
    this.overridden = overridden;
  }

  /** The settings, or null when {@link #problems()} has to say why not. */
  Settings bind(ObjectNode document, Source source) {
    return (Settings) bind(SettingModel.ROOT, document, source);
  }

  /** The record of another kind of document, or null when {@link #problems()} say why not. */
  Object bind(ObjectOf root, ObjectNode document, Source source) {
    ObjectNode known = document.deepCopy();
    known.remove("$schema");
    Object bound = object(root, known, "", source);
    return problems.isEmpty() ? bound : null;
  }

  List<Problem> problems() {
    return problems;
  }

  Map<String, Source> sources() {
    return sources;
  }

  /** The paths of values that a {@code ${file:…}} was filled into. */
  Set<String> fromFiles() {
    return fromFiles;
  }

  private Object value(SettingType type, JsonNode node, String path, Source source) {
    if (type instanceof Scalar scalar) {
      return scalar(scalar, node, path, source);
    } else if (type instanceof ListOf list) {
      return list(list, node, path, source);
    } else if (type instanceof MapOf map) {
      return map(map, node, path, source);
    } else if (type instanceof ObjectOf object) {
      return object(object, node, path, source);
    }
    throw new AssertionError(type);
  }

  private Object object(ObjectOf type, JsonNode node, String path, Source source) {
    if (!(node instanceof ObjectNode object)) {
      return refuse(path, ShownValue.kind(node), "an object");
    }
    UnknownKeys.find(type, object, path).forEach(problems::add);
    return members(type, object, path, source);
  }

  private Object members(ObjectOf type, ObjectNode object, String path, Source source) {
    List<Object> arguments = new ArrayList<>();
    boolean clean = true;
    boolean complete = true;
    for (Member member : type.members()) {
      Object argument;
      if (member instanceof Inlined inlined) {
        argument = members(inlined.type(), object, path, source);
      } else if (member instanceof Property property) {
        argument =
            property(property, object.get(property.key()), join(path, property.key()), source);
        if (argument == FAILED) {
          clean = false;
          argument = standIn(property, path);
        }
      } else {
        throw new AssertionError(member);
      }
      complete &= argument != FAILED;
      arguments.add(argument);
    }
    return complete ? make(type, arguments, path, clean) : FAILED;
  }

  private Object property(Property property, JsonNode given, String path, Source source) {
    if (given == null && property.fallback() == null) {
      return refuse(path, "missing", words(property.type()));
    }
    JsonNode node = given == null ? property.fallback() : given;
    Source from = given == null ? Source.DEFAULT : source;
    if (node.isNull() && property.nullable()) {
      note(path, from);
      return null;
    }
    return value(property.type(), node, path, from);
  }

  /** The default in place of a value that failed, without a second complaint about it. */
  private Object standIn(Property property, String path) {
    int noted = problems.size();
    Object value =
        property.fallback() == null
            ? FAILED
            : property(property, null, join(path, property.key()), Source.DEFAULT);
    problems.subList(noted, problems.size()).clear();
    return value;
  }

  private Object make(ObjectOf type, List<Object> arguments, String path, boolean clean) {
    Object made;
    try {
      made = type.constructor().newInstance(arguments.toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(path + ": the record could not be made", e);
    }
    if (clean && made instanceof Checked checked) {
      checked.check().forEach(problem -> problems.add(problem.under(path)));
    }
    return made;
  }

  private Object list(ListOf type, JsonNode node, String path, Source source) {
    if (!(node instanceof ArrayNode array)) {
      return refuse(path, ShownValue.kind(node), "a list");
    }
    if (array.size() < type.setting().minItems()) {
      return refuse(path, "a list of " + array.size(), "at least " + type.setting().minItems());
    }
    if (array.isEmpty() || type.element() instanceof Scalar) {
      note(path, source);
    }
    List<Object> elements = new ArrayList<>();
    boolean failed = false;
    for (int i = 0; i < array.size(); i++) {
      Object element = element(type.element(), array.get(i), path + "[" + i + "]", source);
      failed |= element == FAILED;
      elements.add(element);
    }
    return failed ? FAILED : elements;
  }

  private Object element(SettingType type, JsonNode node, String path, Source source) {
    Object element = value(type, node, path, source);
    if (type instanceof Scalar) {
      // The list is one value: its elements have no source of their own.
      sources.remove(path);
    }
    return element;
  }

  private Object map(MapOf type, JsonNode node, String path, Source source) {
    if (!(node instanceof ObjectNode object)) {
      return refuse(path, ShownValue.kind(node), "an object");
    }
    if (object.isEmpty()) {
      note(path, source);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    boolean failed = false;
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!Pattern.matches(type.setting().keyPattern(), entry.getKey())) {
        String shown = "key " + ShownValue.quoted(entry.getKey());
        problems.add(new Problem(path, shown, type.setting().keyExpected()));
        failed = true;
        continue;
      }
      Object value = value(type.element(), entry.getValue(), join(path, entry.getKey()), source);
      failed |= value == FAILED;
      values.put(entry.getKey(), value);
    }
    return failed ? FAILED : values;
  }

  private Object scalar(Scalar type, JsonNode node, String path, Source source) {
    if (node.isTextual() && Placeholders.present(node.textValue())) {
      return filled(type, node.textValue(), path, source);
    }
    Reading reading = ScalarReader.read(type, node);
    if (reading.failed()) {
      boolean masked = type.setting().secret() && node.isValueNode() && !node.isNull();
      return refuse(path, masked ? ShownValue.MASK : ShownValue.of(node), reading.expectation());
    }
    note(path, source);
    return whole(type, reading.value());
  }

  private Object whole(Scalar type, Object value) {
    return type.setting().file() ? placeholders.whole((String) value) : value;
  }

  private Object filled(Scalar type, String template, String path, Source source) {
    Placeholders.Filled filled = placeholders.fill(template);
    // What was filled in may be a secret wherever it stands: problems show the template alone.
    String shown = shown(type.setting(), template);
    if (filled.wrong() != null) {
      return refuse(path, shown, filled.wrong());
    }
    Reading reading =
        filled.whole()
            ? ScalarReader.readText(type, filled.text())
            : ScalarReader.read(type, TextNode.valueOf(filled.text()));
    if (reading.failed()) {
      return refuse(path, shown, reading.expectation());
    }
    if (filled.file()) {
      // A list of plain values is one value.
      fromFiles.add(path.endsWith("]") ? path.substring(0, path.lastIndexOf('[')) : path);
    }
    boolean named = source.kind() == Source.Kind.DEFAULT && filled.variable() != null;
    note(path, named ? Source.environment(filled.variable()) : source);
    return whole(type, reading.value());
  }

  private static String shown(Setting setting, String template) {
    return setting.secret() ? Placeholders.masked(template) : ShownValue.quoted(template);
  }

  private static String words(SettingType type) {
    if (type instanceof Scalar scalar) {
      return ScalarReader.typeWords(scalar);
    } else if (type instanceof ListOf) {
      return "a list";
    } else if (type instanceof MapOf || type instanceof ObjectOf) {
      return "an object";
    }
    throw new AssertionError(type);
  }

  private void note(String path, Source source) {
    sources.put(path, overridden.getOrDefault(path, source));
  }

  private Object refuse(String path, String value, String expectation) {
    problems.add(new Problem(path.isEmpty() ? "document" : path, value, expectation));
    return FAILED;
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
