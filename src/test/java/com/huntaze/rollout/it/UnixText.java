package com.huntaze.rollout.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A line that is sent to a socket of the file system, and all that comes back. */
final class UnixText {
  private static final int PIECE = 8_192;

  private UnixText() {}

  static String ask(Path socket, String line) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(ByteBuffer.wrap(line.getBytes(UTF_8)));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      while (channel.read(piece) >= 0) {
        all.write(piece.array(), 0, piece.position());
        piece.clear();
      }
      return all.toString(UTF_8);
    }
  }
}
