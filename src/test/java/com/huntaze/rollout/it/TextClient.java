package com.huntaze.rollout.it;

import java.io.IOException;

/**
 * A client that writes requests and reads answers as HTTP/1.1 has them on the wire, and takes no
 * byte of an answer before it is asked to read. Over HTTP/2 the same text stands for a stream.
 */
interface TextClient extends AutoCloseable {
  TextClient send(String text) throws IOException;

  /** Reads until the text has come; fails at the end of the answers or after 20 s. */
  String readUntil(String text) throws IOException;

  /** Reads to the end of the connection, or of a stream that was reset. A reset is an end, too. */
  String readToEnd();

  /** Reads to the end in large steps, and tells what came last. */
  String readTail() throws IOException;

  /** Leaves in an orderly way: FIN, or the reset of the stream (CANCEL), its connection kept. */
  void hangUp() throws IOException;

  /** Leaves at once: the connection goes with a reset. */
  void reset() throws IOException;

  @Override
  void close() throws IOException;
}
