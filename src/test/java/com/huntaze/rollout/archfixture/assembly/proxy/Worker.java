package com.huntaze.rollout.archfixture.assembly.proxy;

/** Stands where a fixture needs it. */
public final class Worker {}
