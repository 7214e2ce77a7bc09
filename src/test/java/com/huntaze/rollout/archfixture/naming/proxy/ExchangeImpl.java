package com.huntaze.rollout.archfixture.naming.proxy;

/** Stands where a fixture needs it. */
public final class ExchangeImpl {}
