package com.huntaze.rollout.archfixture.upwards.relay;

/** Stands where a fixture needs it. */
public final class Answers {}
