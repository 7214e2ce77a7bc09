package com.huntaze.rollout.archfixture.sideways.probe;

/** Stands where a fixture needs it. */
public final class Probes {}
