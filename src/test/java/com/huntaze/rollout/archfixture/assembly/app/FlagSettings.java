package com.huntaze.rollout.archfixture.assembly.app;

/** Settings, but of the wiring. */
public record FlagSettings(int port) {}
