package com.huntaze.rollout.archfixture.naming.util;

/** Stands where a fixture needs it. */
public final class Anything {}
