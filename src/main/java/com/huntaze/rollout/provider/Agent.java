package com.huntaze.rollout.provider;

/**
 * One of the AI team's agents: how each provider is called for it.
 *
 * @param name such as {@code messaging}
 */
public record Agent(String name, AgentCall foundry, AgentCall legacy) {
  /** An agent for which both providers are called in the same way. */
  public Agent(String name, String path, String typeHint) {
    this(name, new AgentCall(path, typeHint), new AgentCall(path, typeHint));
  }

  /** The way in which a provider is called for it. */
  public AgentCall call(Provider provider) {
    return switch (provider) {
      case FOUNDRY -> foundry;
      case LEGACY -> legacy;
    };
  }
}
