package com.huntaze.rollout.archfixture.unknown.extra;

/** Stands where a fixture needs it. */
public final class Extra {}
