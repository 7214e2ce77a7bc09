package com.huntaze.rollout.archfixture.assembly.traffic;

/** Stands where a fixture needs it. */
public final class Numbers {}
