package com.huntaze.rollout.archfixture.sideways.alert;

import com.huntaze.rollout.archfixture.sideways.app.Start;
import com.huntaze.rollout.archfixture.sideways.config.Everything;
import com.huntaze.rollout.archfixture.sideways.probe.Probes;
import picocli.CommandLine;

/** Knows its neighbours, the configuration, the wiring and the command line. */
final class Sideways {
  Probes neighbour;
  Everything configuration;
  Start wiring;
  CommandLine commandLine;
}
