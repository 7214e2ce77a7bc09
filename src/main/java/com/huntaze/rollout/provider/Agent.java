package com.huntaze.rollout.provider;

/**
 * One of the AI team's agents: how the router is called for it.
 *
 * @param name such as {@code messaging}
 * @param path the provider's path that serves it
 * @param typeHint the {@code type_hint} that the request carries unless the caller gave one
 */
public record Agent(String name, String path, String typeHint) {}
