package com.huntaze.rollout.failover;

/**
 * The deadlines of a request up to its first content, all attempts included.
 *
 * @param toFirstContentMillis from the request's start
 * @param fallbackReserveMillis the part of it that is kept for legacy; less than all of it
 */
public record Deadlines(long toFirstContentMillis, long fallbackReserveMillis) {}
