package com.huntaze.rollout.archfixture.printing.app;

/** Talks to the person who started it. */
final class Innocent {
  void print() {
    System.out.println();
  }
}
