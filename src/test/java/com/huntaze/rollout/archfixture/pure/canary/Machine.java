package com.huntaze.rollout.archfixture.pure.canary;

/** Stands where a fixture needs it. */
public final class Machine {}
