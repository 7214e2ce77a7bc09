package com.huntaze.rollout.archfixture.assembly.proxy;

/** What the configuration may assemble. */
public record InnocentSettings(int port) {}
