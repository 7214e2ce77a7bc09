package com.huntaze.rollout.config;

/**
 * One document of a configuration, which may be laid over others.
 *
 * @param name what it is called in problems
 * @param text its JSON, not read yet
 * @param source the source of its values
 */
record ConfigDocument(String name, String text, Source source) {}
