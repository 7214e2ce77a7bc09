package com.huntaze.rollout.judge;

import java.util.Arrays;

/**
 * The outcomes of many repetitions of one simulation.
 *
 * @param detections at which request each detected, -1 = never
 */
public record Runs(int[] detections) {

  public interface Repetition {
    /** At which request (from 1) the repetition detects, -1 = never. */
    int detection(int rep);
  }

  public static Runs of(int reps, Repetition repetition) {
    int[] detections = new int[reps];
    Arrays.parallelSetAll(detections, repetition::detection);
    return new Runs(detections);
  }

  /** The share that detected, in percent. */
  public double percent() {
    return 100.0 * detected().length / detections.length;
  }

  /** The median request of those that detected. */
  public double median() {
    int[] found = detected();
    return found.length == 0
        ? Double.NaN
        : (found[(found.length - 1) / 2] + found[found.length / 2]) / 2.0;
  }

  /** The median where those that never detected count as late. */
  double medianOfAll() {
    int[] all =
        Arrays.stream(detections).map(d -> d < 0 ? Integer.MAX_VALUE : d).sorted().toArray();
    return (all[(all.length - 1) / 2] + all[all.length / 2]) / 2.0;
  }

  private int[] detected() {
    return Arrays.stream(detections).filter(detection -> detection > 0).sorted().toArray();
  }
}
