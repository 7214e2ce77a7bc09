package com.huntaze.rollout.archfixture.upwards.upstream;

/** Stands where a fixture needs it. */
public final class Pool {}
