package com.huntaze.rollout.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Validates: Requirements 3.3, 3.4, 3.5, 3.6. */
class AgentRegistryPropertyTest {
  private static final Map<String, Agent> SEED =
      Map.of(
          "fan_message", new Agent("messaging", "/route", "chat"),
          "analyze_performance", new Agent("analytics", "/route", "math"),
          "optimize_sales", new Agent("sales", "/route", "creative"),
          "compliance_check", new Agent("compliance", "/route", "chat"));

  private static Map<String, AgentSettings> seedSettings() {
    Map<String, AgentSettings> settings = new LinkedHashMap<>();
    SEED.forEach(
        (type, agent) ->
            settings.put(
                agent.name(),
                new AgentSettings(
                    List.of(type), agent.foundry().path(), agent.foundry().typeHint())));
    return settings;
  }

  @Property(tries = 100)
  @Tag("azure-foundry-production-rollout-property-2")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 2: for any request type, the"
          + " corresponding agent is called**")
  void findsTheAgentOfEveryRequestType(@ForAll("seedTypes") String type) {
    AgentRegistry registry = AgentRegistry.of(seedSettings());
    assertThat(registry.agent(new RequestType(type))).contains(SEED.get(type));
  }

  @Property(tries = 500)
  @Tag("azure-foundry-production-rollout-property-2")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 2: a type that nobody serves has no"
          + " agent**")
  void findsNobodyForOtherTypes(@ForAll("types") String type) {
    AgentRegistry registry = AgentRegistry.of(seedSettings());
    assertThat(registry.agent(new RequestType(type)).isPresent()).isEqualTo(SEED.containsKey(type));
  }

  @Provide
  Arbitrary<String> seedTypes() {
    return Arbitraries.of(SEED.keySet());
  }

  @Provide
  Arbitrary<String> types() {
    Arbitrary<String> names =
        Arbitraries.strings().withCharRange('a', 'z').withChars("0123456789_").ofMaxLength(20);
    return names.map(name -> "t" + name);
  }

  @Example
  void refusesTwoAgentsForOneType() {
    Map<String, AgentSettings> settings = new LinkedHashMap<>();
    settings.put("one", new AgentSettings(List.of("fan_message"), "/route", "chat"));
    settings.put("two", new AgentSettings(List.of("fan_message"), "/route", "math"));
    assertThatThrownBy(() -> AgentRegistry.of(settings))
        .hasMessage(
            "agents.two.requestTypes: fan_message (expected: a type that no other agent has, one"
                + " has it)");
  }

  @Example
  void refusesNamesOfAnotherForm() {
    assertThatThrownBy(() -> new RequestType("fan-message\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("request type:");
    assertThat(RequestType.isName(null)).isFalse();
  }
}
