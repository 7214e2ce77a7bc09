package com.huntaze.rollout.archfixture.assembly.proxy;

/** A settings record, which the configuration may assemble. */
public record InnocentSettings(int port) {}
