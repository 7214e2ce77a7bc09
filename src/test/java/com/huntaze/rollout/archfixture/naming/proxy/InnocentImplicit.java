package com.huntaze.rollout.archfixture.naming.proxy;

/** Has only the beginning of a bad name. */
final class InnocentImplicit {}
