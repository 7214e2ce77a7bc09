package com.huntaze.rollout.exchange;

import com.huntaze.rollout.traffic.ProviderChoice;

/**
 * The facts of a request that are known before a provider is asked, and stay as they are.
 *
 * @param chosen the provider that it was given to, and why
 * @param fallbackAllowed whether the two providers may answer for each other
 * @param repeatable whether its route may be sent again
 * @param mayBeAtLegacy whether it is about an object that either provider may have made
 * @param namedInBody whether its body names the object: then 400, too, may say that it is not there
 * @param shapesErrors whether errors are told in the seed's shape, so that they are read whole
 * @param clientRetries whether its client says that it is itself repeating the request: then the
 *     same provider is asked once
 */
public record ExchangeTerms(
    ProviderChoice chosen,
    boolean fallbackAllowed,
    boolean repeatable,
    boolean mayBeAtLegacy,
    boolean namedInBody,
    boolean shapesErrors,
    boolean clientRetries) {}
