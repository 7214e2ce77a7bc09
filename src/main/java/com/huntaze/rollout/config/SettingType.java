package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.Setting;
import java.lang.reflect.Constructor;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The type of a value of the configuration; built once from the records by {@link SettingModel}.
 */
sealed interface SettingType {
  /** One value that is not made of others, with the limits of its {@link Setting}. */
  record Scalar(Kind kind, Class<?> javaType, Setting setting) implements SettingType {
    /** True if it is a number of bytes, which may have a unit. */
    boolean isBytes() {
      return setting.unit().equals(BYTES);
    }
  }

  /** A list of values of one type. */
  record ListOf(SettingType element, Setting setting) implements SettingType {}

  /** An object with free keys and values of one type. */
  record MapOf(SettingType element, Setting setting) implements SettingType {}

  /** An object with the keys of a record. */
  record ObjectOf(Constructor<?> constructor, List<Member> members) implements SettingType {
    /** All keys of the object, those of inlined records included. */
    List<Property> properties() {
      return members.stream().flatMap(Member::properties).toList();
    }

    Optional<Property> property(String key) {
      return properties().stream().filter(property -> property.key().equals(key)).findFirst();
    }
  }

  /** The kinds of single values. */
  enum Kind {
    BOOLEAN,
    INT,
    LONG,
    DOUBLE,
    DECIMAL,
    TEXT,
    DURATION,
    URL,
    CHOICE
  }

  /** One component of a record. */
  sealed interface Member {
    Stream<Property> properties();
  }

  /** A record whose keys stand in the enclosing object. */
  record Inlined(ObjectOf type) implements Member {
    @Override
    public Stream<Property> properties() {
      return type.properties().stream();
    }
  }

  /**
   * One key of an object.
   *
   * @param key the key
   * @param type what its value may be
   * @param setting its description
   * @param fallback what stands for a missing value, or null when it is required
   */
  record Property(String key, SettingType type, Setting setting, JsonNode fallback)
      implements Member {
    @Override
    public Stream<Property> properties() {
      return Stream.of(this);
    }

    boolean nullable() {
      return fallback != null && fallback.isNull();
    }
  }

  /** The unit of numbers of bytes. */
  String BYTES = "bytes";

  /** The Java types of single values. */
  Map<Class<?>, Kind> KINDS =
      Map.of(
          boolean.class, Kind.BOOLEAN,
          int.class, Kind.INT,
          Integer.class, Kind.INT,
          long.class, Kind.LONG,
          double.class, Kind.DOUBLE,
          BigDecimal.class, Kind.DECIMAL,
          String.class, Kind.TEXT,
          Duration.class, Kind.DURATION,
          HttpUrl.class, Kind.URL);
}
