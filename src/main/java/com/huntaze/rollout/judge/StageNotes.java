package com.huntaze.rollout.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * The notes of one rollout: each rule's about each metric once in a stage, also over a restart.
 * Single-threaded.
 */
public final class StageNotes {
  /** However many stages there are, the checkpoint stays small. */
  private static final int MOST = 64;

  private static final int SENTENCE_CHARACTERS = 500;

  private final List<Note> notes = new ArrayList<>();
  private String epoch = "";

  /**
   * The notes to keep over a restart.
   *
   * @param epoch the rollout, {@code n-creatorId}
   */
  public record State(String epoch, List<Note> notes) {
    /** Before the first. */
    public static final State NONE = new State("", List.of());

    /** Keeps a copy of the list; of what lacks anything there is none. */
    public State {
      epoch = epoch == null ? "" : epoch;
      notes = notes == null ? List.of() : notes.stream().filter(Note::isWhole).toList();
    }
  }

  /** A rollout is judged: what was noted of another one is forgotten. */
  public void of(String newEpoch) {
    if (!newEpoch.equals(epoch)) {
      epoch = newEpoch;
      notes.clear();
    }
  }

  /**
   * Notes what was found.
   *
   * @param stage the stage's tag
   * @param atMillis wall clock
   * @return what is noted for the first time in this stage
   */
  public List<Note> take(int stage, List<Finding> found, long atMillis) {
    List<Note> anew = new ArrayList<>();
    for (Finding each : found) {
      boolean known = notes.stream().anyMatch(note -> note.isOf(stage, each));
      if (!known && notes.size() < MOST) {
        Note note = note(stage, each, atMillis);
        notes.add(note);
        anew.add(note);
      }
    }
    return anew;
  }

  private static Note note(int stage, Finding found, long atMillis) {
    String sentence = found.sentence();
    int end = Math.min(sentence.length(), SENTENCE_CHARACTERS);
    return new Note(
        found.metric(), found.rule(), found.action(), stage, atMillis, sentence.substring(0, end));
  }

  /** All notes, in the order in which they were made. */
  public List<Note> all() {
    return List.copyOf(notes);
  }

  /** Returns the notes to keep. */
  public State state() {
    return new State(epoch, notes);
  }

  /** Goes on where a state of the same rollout ended. */
  public void restore(State state) {
    if (state.epoch().equals(epoch)) {
      notes.clear();
      state.notes().stream().limit(MOST).forEach(notes::add);
    }
  }
}
