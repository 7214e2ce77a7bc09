package com.huntaze.rollout.alert;

/**
 * The process that alerts come from.
 *
 * @param replica of several replicas this one
 * @param admin its admin port's address, without a slash at the end; empty = not known
 * @param asksForToken whether the admin port needs a token
 */
public record AlertHome(String replica, String admin, boolean asksForToken) {}
