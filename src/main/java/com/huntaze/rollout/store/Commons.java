package com.huntaze.rollout.store;

import java.io.IOException;
import java.util.Optional;

/**
 * The part of a rollout's state that replicas have in common beside the directory. Where they share
 * the directory there is none. Blocking: for the store's own thread.
 */
interface Commons {
  /** Of a directory that says all. */
  Commons NONE =
      new Commons() {
        @Override
        public boolean decide(long term, byte[] state) {
          return false;
        }

        @Override
        public Optional<byte[]> state() {
          return Optional.empty();
        }

        @Override
        public void exchange(Markers markers, Written written) {
          // All of it is in the directory.
        }

        @Override
        public boolean isShared() {
          return false;
        }

        @Override
        public void onChange(Runnable heard) {
          // Only looking tells.
        }
      };

  /** The state in the directory and its term, 0 = there is none. */
  record Written(long term, byte[] state) {}

  /**
   * Has the state of a term decided.
   *
   * @return false if the directory alone decides
   * @throws IOException if it is not known to be decided
   */
  boolean decide(long term, byte[] state) throws IOException;

  /** The state that is decided; empty = the directory says it. */
  Optional<byte[]> state();

  /** Writes the markers that others have told of, and tells of those that are here. */
  void exchange(Markers markers, Written written) throws IOException;

  /** Returns whether it is others that have it in common, and the directory is this replica's. */
  boolean isShared();

  /** Hears when there is something to look at. */
  void onChange(Runnable heard);
}
