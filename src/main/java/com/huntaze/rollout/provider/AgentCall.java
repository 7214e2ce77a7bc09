package com.huntaze.rollout.provider;

/**
 * The way in which one provider is called for an agent.
 *
 * @param path the provider's path that serves it
 * @param typeHint the {@code type_hint} that the request carries unless the caller gave one; {@code
 *     null} = it carries none
 */
public record AgentCall(String path, String typeHint) {}
