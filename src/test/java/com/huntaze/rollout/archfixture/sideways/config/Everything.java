package com.huntaze.rollout.archfixture.sideways.config;

/** Stands where a fixture needs it. */
public final class Everything {}
