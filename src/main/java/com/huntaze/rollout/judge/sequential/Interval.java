package com.huntaze.rollout.judge.sequential;

/** From {@code low} to {@code high}, both included. */
public record Interval(double low, double high) {}
