package com.huntaze.rollout.archfixture.sleep.probe;

import java.util.concurrent.TimeUnit;

/** Blocks its thread. */
final class Sleeper {
  void rest() throws InterruptedException {
    Thread.sleep(1);
    TimeUnit.MILLISECONDS.sleep(1);
  }
}
