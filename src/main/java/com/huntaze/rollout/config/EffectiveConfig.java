package com.huntaze.rollout.config;

import com.huntaze.rollout.config.SettingType.Inlined;
import com.huntaze.rollout.config.SettingType.Kind;
import com.huntaze.rollout.config.SettingType.ListOf;
import com.huntaze.rollout.config.SettingType.MapOf;
import com.huntaze.rollout.config.SettingType.Member;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import com.huntaze.rollout.config.SettingType.Scalar;
import com.huntaze.rollout.settings.DurationText;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The configuration in force as a list of values, each with its path and its source. */
public final class EffectiveConfig {
  /** A replica's own affair: its listeners, its places, and who watches it. */
  private static final List<String> OWN_TO_A_REPLICA =
      List.of(
          "server.host",
          "server.port",
          "server.tls",
          "server.eventLoops",
          "admin.",
          "providers.foundry.tls",
          "providers.legacy.tls",
          "tracing.",
          "metrics.",
          "accessLog.",
          "state.",
          "eventBus.",
          "cluster",
          "simulate");

  private static final Source UNKNOWN = Source.DEFAULT;

  /**
   * One value before it is masked.
   *
   * @param value as JSON would have it
   * @param shown whether it may be shown
   */
  private record Leaf(Object value, boolean shown) {}

  private final Map<String, Leaf> leaves = new LinkedHashMap<>();

  private EffectiveConfig() {}

  /** All values in the order of the records; secrets are masked. */
  public static List<ConfigValue> values(Loaded loaded) {
    List<ConfigValue> values = new ArrayList<>();
    of(loaded)
        .leaves
        .forEach(
            (path, leaf) ->
                values.add(
                    new ConfigValue(
                        path,
                        shown(path, leaf, loaded),
                        loaded.sources().getOrDefault(path, UNKNOWN).toString())));
    return List.copyOf(values);
  }

  /**
   * Returns the differences: values by their paths, secrets masked, and the price file's content as
   * one.
   */
  public static List<ConfigChange> changes(Loaded before, Loaded after) {
    Map<String, Leaf> old = of(before).leaves;
    Map<String, Leaf> now = of(after).leaves;
    List<ConfigChange> changes = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(old.keySet());
    paths.addAll(now.keySet());
    for (String path : paths) {
      Leaf was = old.get(path);
      Leaf is = now.get(path);
      boolean same = was != null && is != null && equal(was.value(), is.value());
      if (!same) {
        changes.add(new ConfigChange(path, text(path, was, before), text(path, is, after)));
      }
    }
    if (!before.prices().equals(after.prices())) {
      changes.add(
          new ConfigChange(
              PriceFile.KEY + " (content)",
              before.prices().models().size() + " models",
              after.prices().models().size() + " models"));
    }
    return List.copyOf(changes);
  }

  /**
   * The paths of secrets that stand in the file as they are, and do not come from a variable or
   * another file. An API key's hash is none.
   *
   * @param text the file's content
   */
  public static List<String> literalSecrets(Loaded loaded, String text) {
    List<String> paths = new ArrayList<>();
    of(loaded)
        .leaves
        .forEach(
            (path, leaf) -> {
              Source.Kind layer = loaded.sources().getOrDefault(path, UNKNOWN).kind();
              boolean secret = !leaf.shown() && !path.endsWith(".sha256");
              boolean literal = layer == Source.Kind.FILE && !loaded.fromFiles().contains(path);
              if (secret && literal && stands(leaf.value(), text)) {
                paths.add(path);
              }
            });
    return List.copyOf(paths);
  }

  /**
   * The values that replicas of one rollout have in common, each with its path, sorted: secrets
   * stand in it as they are, so that it is for a digest alone.
   */
  public static String common(Loaded loaded) {
    return of(loaded).leaves.entrySet().stream()
        .filter(each -> isCommon(each.getKey(), each.getValue().value()))
        .map(each -> each.getKey() + "=" + each.getValue().value())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  /** Voters who do not agree on who votes could have two majorities. */
  private static boolean isCommon(String path, Object value) {
    boolean voters = path.startsWith("cluster.voters") && !String.valueOf(value).equals("[]");
    return voters || OWN_TO_A_REPLICA.stream().noneMatch(path::startsWith);
  }

  private static boolean stands(Object value, String text) {
    return value instanceof String secret && !secret.isEmpty() && text.contains(secret);
  }

  private static boolean equal(Object one, Object other) {
    return one == null ? other == null : one.equals(other);
  }

  private static String text(String path, Leaf leaf, Loaded loaded) {
    if (leaf == null) {
      return "";
    }
    Object shown = shown(path, leaf, loaded);
    return shown instanceof String text ? ShownValue.quoted(text) : String.valueOf(shown);
  }

  /**
   * Masks values that a file was put in for, wherever they stand: they are secrets. An empty text
   * tells nothing.
   */
  private static Object shown(String path, Leaf leaf, Loaded loaded) {
    boolean empty = leaf.value() == null || leaf.value().equals("");
    boolean secret = !leaf.shown() || loaded.fromFiles().contains(path);
    return secret && !empty ? ShownValue.MASK : leaf.value();
  }

  private static EffectiveConfig of(Loaded loaded) {
    EffectiveConfig config = new EffectiveConfig();
    config.members(SettingModel.ROOT, loaded.settings(), "", "");
    return config;
  }

  private void members(ObjectOf type, Object holder, String path, String form) {
    RecordComponent[] components = holder.getClass().getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      Member member = type.members().get(i);
      Object value = component(components[i], holder);
      if (member instanceof Inlined inlined) {
        members(inlined.type(), value, path, form);
      } else if (member instanceof Property property) {
        String key = property.key();
        value(property.type(), value, join(path, key), join(form, key));
      } else {
        throw new AssertionError(member);
      }
    }
  }

  private static Object component(RecordComponent component, Object holder) {
    try {
      return component.getAccessor().invoke(holder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + ": cannot be read", e);
    }
  }

  private void value(SettingType type, Object value, String path, String form) {
    if (value == null) {
      leaves.put(path, new Leaf(null, true));
    } else if (type instanceof Scalar scalar) {
      leaves.put(path, leaf(scalar, json(value), form));
    } else if (type instanceof ObjectOf object) {
      members(object, value, path, form);
    } else if (type instanceof ListOf list) {
      list(list, (List<?>) value, path, form);
    } else if (type instanceof MapOf map) {
      map(map, (Map<?, ?>) value, path, form);
    } else {
      throw new AssertionError(type);
    }
  }

  private void list(ListOf type, List<?> values, String path, String form) {
    if (type.element() instanceof Scalar scalar) {
      leaves.put(path, leaf(scalar, values.stream().map(EffectiveConfig::json).toList(), form));
      return;
    }
    if (values.isEmpty()) {
      leaves.put(path, new Leaf(List.of(), true));
    }
    for (int i = 0; i < values.size(); i++) {
      value(type.element(), values.get(i), path + "[" + i + "]", form);
    }
  }

  private void map(MapOf type, Map<?, ?> values, String path, String form) {
    if (values.isEmpty()) {
      leaves.put(path, new Leaf(Map.of(), true));
    }
    values.forEach(
        (key, value) -> value(type.element(), value, join(path, (String) key), join(form, "*")));
  }

  private static Leaf leaf(Scalar type, Object value, String form) {
    boolean text = type.kind() == Kind.TEXT || type.kind() == Kind.URL;
    return new Leaf(value, !type.setting().secret() && (!text || ShownSettings.text(form)));
  }

  private static Object json(Object value) {
    if (value instanceof Duration duration) {
      return DurationText.format(duration);
    }
    if (value instanceof Enum<?> choice) {
      return choice.name().toLowerCase(Locale.ROOT);
    }
    return value instanceof Number || value instanceof Boolean ? value : value.toString();
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
