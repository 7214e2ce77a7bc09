package com.huntaze.rollout.archfixture.assembly.config;

import com.huntaze.rollout.archfixture.assembly.app.FlagSettings;
import com.huntaze.rollout.archfixture.assembly.proxy.InnocentSettings;
import com.huntaze.rollout.archfixture.assembly.proxy.Worker;
import com.huntaze.rollout.archfixture.assembly.traffic.Numbers;

/** Knows more of the features than their settings. */
final class Assembly {
  InnocentSettings settings;
  Worker worker;
  Numbers numbers;
  FlagSettings flags;
}
