package com.huntaze.rollout.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The agents by the request types that they serve (the seed's FoundryAgentRegistry, Property 2;
 * requirements 3.3 to 3.6). Its {@code initialize(routerUrl)} is the provider's configuration here.
 */
public final class AgentRegistry {
  private final Map<RequestType, Agent> agents;

  private AgentRegistry(Map<RequestType, Agent> agents) {
    this.agents = Map.copyOf(agents);
  }

  /**
   * The registry of the configured agents, by their names.
   *
   * @throws IllegalArgumentException if two agents claim one request type
   */
  public static AgentRegistry of(Map<String, AgentSettings> settings) {
    Map<RequestType, Agent> agents = new HashMap<>();
    settings.forEach(
        (name, agent) ->
            agent.requestTypes().forEach(type -> add(agents, new RequestType(type), name, agent)));
    return new AgentRegistry(agents);
  }

  private static void add(
      Map<RequestType, Agent> agents, RequestType type, String name, AgentSettings settings) {
    Agent agent = settings.named(name);
    Agent other = agents.put(type, agent);
    if (other != null) {
      throw new IllegalArgumentException(
          "agents.%s.requestTypes: %s (expected: a type that no other agent has, %s has it)"
              .formatted(name, type.name(), other.name()));
    }
  }

  /** The agent of a request type; empty when nobody serves it. */
  public Optional<Agent> agent(RequestType type) {
    return Optional.ofNullable(agents.get(type));
  }
}
