package com.huntaze.rollout.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.config.SettingType.Inlined;
import com.huntaze.rollout.config.SettingType.Kind;
import com.huntaze.rollout.config.SettingType.ListOf;
import com.huntaze.rollout.config.SettingType.MapOf;
import com.huntaze.rollout.config.SettingType.Member;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import com.huntaze.rollout.config.SettingType.Scalar;
import com.huntaze.rollout.cost.PriceListSettings;
import com.huntaze.rollout.settings.Setting;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Turns the settings records into a tree of {@link SettingType}s. The binder, the schema and the
 * reference walk that tree and know nothing of reflection. A record that is described wrongly is a
 * defect of ours and fails here, in any test.
 */
final class SettingModel {
  /** The whole document. */
  static final ObjectOf ROOT = object(Settings.class, emptyObject());

  /** The price file. */
  static final ObjectOf PRICES = object(PriceListSettings.class, emptyObject());

  /** Parses the defaults of {@link Setting}, where single quotes may stand for double ones. */
  private static JsonMapper defaults() {
    return JsonMapper.builder()
        .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build();
  }

  private SettingModel() {}

  /** The key at {@code path}, written with dots: {@code server.port}. */
  static Property find(String path) {
    ObjectOf at = ROOT;
    String[] keys = path.split("\\.");
    for (int i = 0; i < keys.length - 1; i++) {
      at = (ObjectOf) at.property(keys[i]).orElseThrow().type();
    }
    return at.property(keys[keys.length - 1]).orElseThrow();
  }

  private static ObjectOf object(Class<?> type, ObjectNode overrides) {
    List<Member> members = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      members.add(member(component, overrides));
    }
    return new ObjectOf(constructor(type), List.copyOf(members));
  }

  private static Member member(RecordComponent component, ObjectNode overrides) {
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalStateException(component + ": no @Setting");
    }
    if (setting.inline()) {
      return new Inlined(object(component.getType(), overrides));
    }
    String key = setting.key().isEmpty() ? component.getName() : setting.key();
    JsonNode own = setting.byDefault().isEmpty() ? null : parse(setting.byDefault());
    JsonNode fallback = overrides.has(key) ? overrides.get(key) : own;
    if (!isObject(component.getType())) {
      SettingType type = type(component.getGenericType(), setting);
      return new Property(key, type, setting, fallback);
    }
    ObjectNode inner = fallback instanceof ObjectNode given ? given : emptyObject();
    ObjectOf type = object(component.getType(), inner);
    // The inner defaults already stand in the type: an empty object binds to all of them.
    JsonNode missing = fallback != null && fallback.isNull() ? fallback : emptyObject();
    return new Property(key, type, setting, missing);
  }

  private static SettingType type(Type type, Setting setting) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      SettingType element = type(arguments[arguments.length - 1], setting);
      return generic.getRawType() == Map.class
          ? new MapOf(element, setting)
          : new ListOf(element, setting);
    }
    Class<?> plain = (Class<?>) type;
    if (isObject(plain)) {
      return object(plain, emptyObject());
    }
    Kind kind = plain.isEnum() ? Kind.CHOICE : SettingType.KINDS.get(plain);
    if (kind == null) {
      throw new IllegalStateException(type + ": not a type of a setting");
    }
    return new Scalar(kind, plain, setting);
  }

  /** HttpUrl is a record too, but one value of the document. */
  private static boolean isObject(Class<?> type) {
    return type.isRecord() && !SettingType.KINDS.containsKey(type);
  }

  private static Constructor<?> constructor(Class<?> type) {
    Class<?>[] parameters =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getConstructor(parameters);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type + ": no public canonical constructor", e);
    }
  }

  private static JsonNode parse(String json) {
    try {
      return defaults().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(json + ": not a default", e);
    }
  }

  private static ObjectNode emptyObject() {
    return JsonNodeFactory.instance.objectNode();
  }
}
