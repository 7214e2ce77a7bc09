package com.huntaze.rollout.token;

/** The places that bearer tokens come from. */
public enum TokenOrigin {
  /** A file that somebody else renews. */
  FILE,
  /** The managed identity of an Azure machine, app or container: IMDS or its endpoint. */
  MANAGED_IDENTITY,
  /** A workload identity: a federated token of the platform is exchanged at Entra ID. */
  WORKLOAD_IDENTITY,
  /** A command that prints one. */
  COMMAND
}
