package com.huntaze.rollout.archfixture.sideways.app;

/** Stands where a fixture needs it. */
public final class Start {}
