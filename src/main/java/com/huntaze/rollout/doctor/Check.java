package com.huntaze.rollout.doctor;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * One thing that is looked at. It may block; who waits for it stops waiting after a while.
 *
 * @param name for people, while it is under way and when it does not end
 * @param look finds at least one thing
 */
public record Check(String name, Callable<List<Finding>> look) {}
