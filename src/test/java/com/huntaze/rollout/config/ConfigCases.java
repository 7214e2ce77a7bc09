package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.huntaze.rollout.Cases;
import com.huntaze.rollout.config.SettingType.Inlined;
import com.huntaze.rollout.config.SettingType.ListOf;
import com.huntaze.rollout.config.SettingType.MapOf;
import com.huntaze.rollout.config.SettingType.Member;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The types of settings, of which the configuration's own model is the example. */
public final class ConfigCases {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Set<SettingType> types = new LinkedHashSet<>();
  private final Map<Member, ObjectOf> members = new java.util.LinkedHashMap<>();

  private ConfigCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) {
    ConfigCases model = new ConfigCases();
    model.add(SettingModel.ROOT);
    cases.examples(model.types.toArray());
    cases.examples(model.members.keySet().toArray());
    cases.dispatcher(
        "Binder.value",
        SettingType.class,
        type -> Cases.call(binder(), "value", type, JSON.textNode("x"), "", Source.DEFAULT));
    cases.dispatcher(
        "Binder.words", SettingType.class, type -> Cases.call(Binder.class, "words", type));
    cases.dispatcher(
        "Binder.members",
        Member.class,
        member ->
            Cases.call(
                binder(),
                "members",
                model.members.get(member),
                JSON.objectNode(),
                "",
                Source.DEFAULT));
    cases.dispatcher(
        "ReferenceWriter.below",
        SettingType.class,
        type -> Cases.call(Cases.make(ReferenceWriter.class), "below", type, "path"));
    cases.dispatcher(
        "ReferenceWriter.type",
        SettingType.class,
        type -> Cases.call(ReferenceWriter.class, "type", type));
    cases.dispatcher(
        "ReferenceWriter.range",
        SettingType.class,
        type -> Cases.call(ReferenceWriter.class, "range", type));
    cases.dispatcher(
        "SchemaWriter.value",
        SettingType.class,
        type -> Cases.call(SchemaWriter.class, "value", type));
    // These two go through the whole model, in which each example stands.
    cases.dispatcher(
        "EffectiveConfig.value",
        SettingType.class,
        type -> EffectiveConfig.values(Documents.read("{}")));
    cases.dispatcher(
        "EffectiveConfig.members",
        Member.class,
        member -> EffectiveConfig.values(Documents.read("{}")));
  }

  private static Binder binder() {
    return new Binder(new Placeholders(Map.of(), Path.of("").toAbsolutePath()), Map.of());
  }

  private void add(SettingType type) {
    types.add(type);
    if (type instanceof ObjectOf object) {
      object.members().forEach(member -> add(member, object));
    } else if (type instanceof ListOf list) {
      add(list.element());
    } else if (type instanceof MapOf map) {
      add(map.element());
    }
  }

  private void add(Member member, ObjectOf of) {
    members.put(member, of);
    if (member instanceof Inlined inlined) {
      add(inlined.type());
    } else if (member instanceof Property property) {
      add(property.type());
    }
  }
}
