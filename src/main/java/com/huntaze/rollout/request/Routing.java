package com.huntaze.rollout.request;

import com.huntaze.rollout.provider.AgentRegistry;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.route.RouteTable;
import java.util.List;

/**
 * The immutable part of the configuration that decides where requests go. A request keeps the one
 * that it began with.
 *
 * @param userKeyFields the body's fields that may hold the user key, in order of precedence
 * @param readsStreamOptions whether it matters if a request asks for its stream's usage
 */
public record Routing(
    ProviderMode mode,
    RouteTable routes,
    AgentRegistry agents,
    List<String> userKeyFields,
    boolean readsStreamOptions) {}
