package com.huntaze.rollout.config;

/**
 * The percentage that the user asked for in so many words, by variable or flag. Only then does a
 * fresh state directory start at a percentage.
 *
 * @param value 0..100
 * @param source the variable or the flag
 */
public record StartPercentage(int value, Source source) {}
