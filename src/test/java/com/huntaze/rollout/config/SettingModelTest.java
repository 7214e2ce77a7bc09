package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.config.SettingType.Kind;
import com.huntaze.rollout.config.SettingType.ListOf;
import com.huntaze.rollout.config.SettingType.MapOf;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import com.huntaze.rollout.config.SettingType.Scalar;
import com.huntaze.rollout.settings.DurationText;
import com.huntaze.rollout.settings.Setting;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The descriptions themselves: each leads a newcomer, and the binder relies on each. */
class SettingModelTest {
  private static final Set<Kind> NUMBERS = Set.of(Kind.INT, Kind.LONG, Kind.DOUBLE, Kind.DECIMAL);

  private record Found(String path, Property property, Scalar scalar) {}

  private static List<Found> all() {
    List<Found> found = new ArrayList<>();
    collect(SettingModel.ROOT, "", found);
    return found;
  }

  private static void collect(ObjectOf type, String prefix, List<Found> found) {
    for (Property property : type.properties()) {
      String path = prefix + property.key();
      found.add(new Found(path, property, scalar(property.type())));
      SettingType inner = element(property.type());
      if (inner instanceof ObjectOf object) {
        collect(object, path + ".", found);
      }
    }
  }

  private static SettingType element(SettingType type) {
    if (type instanceof ListOf list) {
      return list.element();
    }
    return type instanceof MapOf map ? map.element() : type;
  }

  private static Scalar scalar(SettingType type) {
    return element(type) instanceof Scalar scalar ? scalar : null;
  }

  @Test
  void everySettingIsDescribedInSentences() {
    assertThat(all())
        .hasSizeGreaterThan(150)
        .allSatisfy(found -> assertThat(found.property().setting().value()).endsWith("."));
  }

  @Test
  void everyNumberAndDurationHasARange() {
    for (Found found : all()) {
      if (found.scalar() == null) {
        continue;
      }
      Setting setting = found.scalar().setting();
      if (NUMBERS.contains(found.scalar().kind())) {
        assertThat(new BigDecimal(setting.min()))
            .as(found.path())
            .isLessThan(new BigDecimal(setting.max()));
      } else if (found.scalar().kind() == Kind.DURATION) {
        assertThat(DurationText.parse(setting.min()).orElseThrow())
            .as(found.path())
            .isLessThan(DurationText.parse(setting.max()).orElseThrow());
      }
    }
  }

  @Test
  void everyNumberOfBytesIsOne() {
    assertThat(all())
        .filteredOn(found -> found.path().matches(".*[bB]ytes([A-Z][a-z]+)?"))
        .isNotEmpty()
        .allMatch(found -> found.scalar().isBytes());
  }

  @Test
  void everyTextHasAPatternInWords() {
    for (Found found : all()) {
      if (found.scalar() != null && found.scalar().kind() == Kind.TEXT) {
        Setting setting = found.scalar().setting();
        assertThat(Pattern.compile(setting.pattern()).pattern()).as(found.path()).isNotEmpty();
        assertThat(setting.expected()).as(found.path()).isNotEmpty();
      }
    }
  }

  @Test
  void whateverMayHoldACredentialIsSecret() {
    List<String> secrets =
        all().stream()
            .filter(found -> found.property().setting().secret())
            .map(Found::path)
            .toList();

    assertThat(secrets)
        .containsExactly(
            "admin.token",
            "admin.tokens.sha256",
            "admin.tokens.token",
            "providers.foundry.headers",
            "providers.foundry.token.endpointKey",
            "providers.legacy.headers",
            "providers.legacy.token.endpointKey",
            "auth.keys.sha256",
            "alerts.channels.url",
            "alerts.channels.key",
            "alerts.channels.secret",
            "alerts.channels.password",
            "tracing.headers");
  }
}
