package com.huntaze.rollout.canary;

/**
 * A moment on both clocks.
 *
 * @param monotonicMillis never jumps; what is decided upon
 * @param wallMillis since 1970; only recorded, for people
 */
public record Time(long monotonicMillis, long wallMillis) {}
