package com.huntaze.rollout.archfixture.printing.alert;

/** Talks to nobody in particular. */
final class Printer {
  void print() {
    System.out.println();
    System.err.println();
  }
}
