package com.huntaze.rollout.cost;

/**
 * The caller.
 *
 * @param keyId the name of the API key, {@code null} = none that is known
 * @param tier the tier, {@code null} = not told
 * @param agent the agent, {@code null} = none
 */
public record Caller(String keyId, String tier, String agent) {}
