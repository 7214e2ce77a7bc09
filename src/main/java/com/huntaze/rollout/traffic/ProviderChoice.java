package com.huntaze.rollout.traffic;

import com.huntaze.rollout.provider.Provider;

/** The provider chosen for a request, and why. */
public record ProviderChoice(Provider provider, Reason reason) {}
