package com.huntaze.rollout.doctor;

/**
 * The facts about access: callers and their keys. No key is in it.
 *
 * @param open whether the data port is reached from other machines
 * @param required whether callers need a key
 * @param keys how many keys are known
 * @param foundryKey the name of the header that carries the proxy's own key or token to Foundry;
 *     empty = none is configured
 * @param foundryKeyEmpty whether that header has nothing in it
 * @param foundryGetsClientKeys whether Foundry gets the keys that clients send
 * @param legacyKey whether the proxy sets a credential at legacy
 * @param legacyGetsClientKeys whether legacy gets the keys that clients send
 * @param clientKeysTold whether {@code auth.clientKeys} says so, and not a default
 * @param adminOpen whether the admin port is reached from other machines
 * @param adminNamed whether callers of the admin port have names and roles
 * @param tokenLength characters of the admin token, 0 = none
 */
public record AccessFacts(
    boolean open,
    boolean required,
    int keys,
    String foundryKey,
    boolean foundryKeyEmpty,
    boolean foundryGetsClientKeys,
    boolean legacyKey,
    boolean legacyGetsClientKeys,
    boolean clientKeysTold,
    boolean adminOpen,
    boolean adminNamed,
    int tokenLength) {}
