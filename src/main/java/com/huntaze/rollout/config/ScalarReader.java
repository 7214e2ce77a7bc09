package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.huntaze.rollout.config.SettingType.Kind;
import com.huntaze.rollout.config.SettingType.Scalar;
import com.huntaze.rollout.settings.BytesText;
import com.huntaze.rollout.settings.DurationText;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.Setting;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one value of its kind and range, or says what would have been right. */
final class ScalarReader {
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

  /** A value, or what was expected in its place. */
  record Reading(Object value, String expectation) {
    boolean failed() {
      return expectation != null;
    }
  }

  private ScalarReader() {}

  /** Reads a value of the document, where a number is a number and not a text. */
  static Reading read(Scalar type, JsonNode node) {
    return switch (type.kind()) {
      case BOOLEAN -> node.isBoolean() ? value(node.booleanValue()) : expected("true or false");
      case INT, LONG, DOUBLE, DECIMAL ->
          node.isTextual() && type.isBytes() ? bytes(type, node.textValue()) : number(type, node);
      case TEXT, DURATION, URL, CHOICE ->
          node.isTextual() ? text(type, node.textValue()) : expected(typeWords(type));
    };
  }

  /** Reads a value that can only come as text: a variable, a flag or a placeholder. */
  static Reading readText(Scalar type, String text) {
    return switch (type.kind()) {
      case BOOLEAN -> bool(text);
      case INT, LONG, DOUBLE, DECIMAL ->
          NUMBER.matcher(text).matches() ? number(type, new BigDecimal(text)) : bytes(type, text);
      case TEXT, DURATION, URL, CHOICE -> text(type, text);
    };
  }

  /** Returns the words for the type that a value must have. */
  static String typeWords(Scalar type) {
    return switch (type.kind()) {
      case BOOLEAN -> "true or false";
      case INT, LONG ->
          (type.isBytes() ? BytesText.WORDS : "a whole number") + ", " + rangeWords(type.setting());
      case DOUBLE, DECIMAL -> "a number, " + rangeWords(type.setting());
      case DURATION -> DurationText.WORDS;
      case URL -> HttpUrl.WORDS;
      case CHOICE -> choiceWords(labels(type));
      case TEXT -> type.setting().expected().isEmpty() ? "a text" : type.setting().expected();
    };
  }

  /** For example {@code 0..65535}. */
  static String rangeWords(Setting setting) {
    return setting.min() + ".." + setting.max();
  }

  /** The allowed words of a closed set, in the order of the enum. */
  static List<String> labels(Scalar type) {
    return Arrays.stream(type.javaType().getEnumConstants()).map(ScalarReader::label).toList();
  }

  private static String label(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
  }

  private static String choiceWords(List<String> labels) {
    int last = labels.size() - 1;
    return String.join(", ", labels.subList(0, last)) + " or " + labels.get(last);
  }

  private static Reading bool(String text) {
    return switch (text) {
      case "true" -> value(true);
      case "false" -> value(false);
      default -> expected("true or false");
    };
  }

  private static Reading number(Scalar type, JsonNode node) {
    return node.isNumber() ? number(type, node.decimalValue()) : expected(typeWords(type));
  }

  private static Reading bytes(Scalar type, String text) {
    Optional<BigDecimal> bytes = type.isBytes() ? BytesText.parse(text) : Optional.empty();
    return bytes.map(number -> number(type, number)).orElse(expected(typeWords(type)));
  }

  private static Reading number(Scalar type, BigDecimal number) {
    Setting setting = type.setting();
    if (isWhole(type) && !isWhole(number)) {
      return expected(typeWords(type));
    }
    if (number.compareTo(new BigDecimal(setting.min())) < 0
        || number.compareTo(new BigDecimal(setting.max())) > 0) {
      return expected(rangeWords(setting));
    }
    return value(
        switch (type.kind()) {
          case INT -> number.intValueExact();
          case LONG -> number.longValueExact();
          case DOUBLE -> number.doubleValue();
          case DECIMAL -> number;
          case BOOLEAN, TEXT, DURATION, URL, CHOICE -> throw new AssertionError(type.kind());
        });
  }

  private static boolean isWhole(Scalar type) {
    return type.kind() == Kind.INT || type.kind() == Kind.LONG;
  }

  // The size is looked at first: to strip the zeros of 1e999999999 would be work for minutes.
  private static boolean isWhole(BigDecimal number) {
    return number.abs().compareTo(LONG_MAX) > 0 || number.stripTrailingZeros().scale() <= 0;
  }

  private static Reading text(Scalar type, String text) {
    return switch (type.kind()) {
      case DURATION -> duration(type, text);
      case CHOICE -> choice(type, text);
      case URL -> HttpUrl.parse(text).map(ScalarReader::value).orElse(expected(HttpUrl.WORDS));
      case TEXT -> plain(type.setting(), text);
      case BOOLEAN, INT, LONG, DOUBLE, DECIMAL -> throw new AssertionError(type.kind());
    };
  }

  private static Reading plain(Setting setting, String text) {
    boolean fits = setting.pattern().isEmpty() || Pattern.matches(setting.pattern(), text);
    return fits ? value(text) : expected(setting.expected());
  }

  private static Reading duration(Scalar type, String text) {
    Optional<Duration> duration = DurationText.parse(text);
    if (duration.isEmpty()) {
      return expected(DurationText.WORDS);
    }
    Duration least = DurationText.parse(type.setting().min()).orElseThrow();
    Duration most = DurationText.parse(type.setting().max()).orElseThrow();
    boolean fits = duration.get().compareTo(least) >= 0 && duration.get().compareTo(most) <= 0;
    return fits ? value(duration.get()) : expected(rangeWords(type.setting()));
  }

  private static Reading choice(Scalar type, String text) {
    for (Object constant : type.javaType().getEnumConstants()) {
      if (label(constant).equals(text)) {
        return value(constant);
      }
    }
    return expected(typeWords(type));
  }

  private static Reading value(Object value) {
    return new Reading(value, null);
  }

  private static Reading expected(String expectation) {
    return new Reading(null, expectation);
  }
}
