package com.huntaze.rollout.it;

import java.util.ArrayList;
import java.util.List;

/**
 * One thing that an upstream may answer, and what a client must see of it.
 *
 * @param name the section of the RFC, or the server that does it
 * @param method of the request
 * @param body half of the request's body: the other half does not come
 * @param bytes what the upstream says; {@code @id@} stands for the request's id, of 8 characters
 * @param then what it does after that
 * @param later what it says then, if the step is about that
 * @param status of what the client gets: the upstream's, or 503 of our own
 * @param text the body that the client gets, {@code @id@} for the id; {@code null} = not compared
 * @param fate what becomes of the answer
 * @param kept whether the connection may serve another request
 * @param seen what the raw answer must contain
 * @param unseen what the raw answer must not contain
 */
record UpstreamRow(
    String name,
    String method,
    String body,
    String bytes,
    Then then,
    String later,
    int status,
    String text,
    Fate fate,
    boolean kept,
    List<String> seen,
    List<String> unseen) {

  /** The act of the upstream after it has said its bytes. */
  enum Then {
    LISTEN,
    CLOSE,
    RESET,
    HALF_CLOSE,
    /** Says more when the client has its answer. */
    SPEAK_WHEN_IDLE,
    /** Says the same until the connection is closed. */
    REPEAT
  }

  /** The fate of the answer. */
  enum Fate {
    /** It passes. */
    RELAYED,
    /** The client gets an error of ours, or another provider's answer. */
    REPLACED,
    /** The client gets a part, and an aborted connection. */
    CUT
  }

  /** An answer that passes whole, on a connection that goes on. */
  static UpstreamRow relayed(String name, String bytes) {
    return new UpstreamRow(
        name,
        "GET",
        "",
        bytes,
        Then.LISTEN,
        "",
        200,
        "@id@",
        Fate.RELAYED,
        true,
        List.of(),
        List.of());
  }

  /** Something that is no answer. The upstream leaves its connection open. */
  static UpstreamRow replaced(String name, String bytes) {
    return relayed(name, bytes).with(Fate.REPLACED, 503).gone();
  }

  /** An answer that breaks off after some of it has passed. */
  static UpstreamRow cut(String name, String bytes) {
    return relayed(name, bytes).with(Fate.CUT, 200).text(null).gone();
  }

  private UpstreamRow with(Fate newFate, int newStatus) {
    return new UpstreamRow(
        name, method, body, bytes, then, later, newStatus, text, newFate, kept, seen, unseen);
  }

  UpstreamRow status(int newStatus) {
    return with(fate, newStatus);
  }

  UpstreamRow text(String newText) {
    return new UpstreamRow(
        name, method, body, bytes, then, later, status, newText, fate, kept, seen, unseen);
  }

  /** The request is another one than a plain GET. */
  UpstreamRow asking(String newMethod, String newBody) {
    return new UpstreamRow(
        name, newMethod, newBody, bytes, then, later, status, text, fate, kept, seen, unseen);
  }

  UpstreamRow then(Then newThen) {
    return new UpstreamRow(
        name, method, body, bytes, newThen, later, status, text, fate, kept, seen, unseen);
  }

  UpstreamRow then(Then newThen, String newLater) {
    return new UpstreamRow(
        name, method, body, bytes, newThen, newLater, status, text, fate, kept, seen, unseen);
  }

  /** The connection must not be used again. */
  UpstreamRow gone() {
    return new UpstreamRow(
        name, method, body, bytes, then, later, status, text, fate, false, seen, unseen);
  }

  UpstreamRow seeing(String... texts) {
    return new UpstreamRow(
        name, method, body, bytes, then, later, status, text, fate, kept, List.of(texts), unseen);
  }

  UpstreamRow notSeeing(String... texts) {
    List<String> all = new ArrayList<>(unseen);
    all.addAll(List.of(texts));
    return new UpstreamRow(
        name, method, body, bytes, then, later, status, text, fate, kept, seen, all);
  }

  /** Returns whether the request can be followed by another one on the same connection. */
  boolean pipelines() {
    return body.isEmpty() && then != Then.SPEAK_WHEN_IDLE;
  }

  @Override
  public String toString() {
    return name + " is " + fate;
  }
}
