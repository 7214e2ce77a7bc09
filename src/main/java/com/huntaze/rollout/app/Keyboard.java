package com.huntaze.rollout.app;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The keys of the terminal, each as it is pressed, on a thread of its own. Where {@code stty} is
 * missing they come with the line's end.
 *
 * <p>It looks for keys and does not block on them: a process in the background that reads from its
 * terminal is stopped by the system.
 */
final class Keyboard {
  private static final long LOOK_MILLIS = 50;
  private static final long STTY_SECONDS = 2;
  private static final int GROUP = 2;
  private static final int FOREGROUND = 5;

  private final InputStream keys = new FileInputStream(FileDescriptor.in);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Listener listener;
  private String before = "";

  /** Gets each key, on the keyboard's thread. */
  interface Listener {
    void pressed(char key);
  }

  private Keyboard(Listener listener) {
    this.listener = listener;
  }

  /** Listens from now on; to be called only where somebody sits in front of a terminal. */
  static Keyboard listen(Listener listener) {
    Keyboard keyboard = new Keyboard(listener);
    if (inForeground()) {
      keyboard.before = stty("-g");
      stty("-icanon -echo min 1");
    }
    Thread thread = new Thread(keyboard::read, "rollout-proxy-keys");
    thread.setDaemon(true);
    thread.start();
    return keyboard;
  }

  private void read() {
    try {
      while (!stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (keys.available() > 0 && inForeground()) {
          int key = keys.read();
          if (key < 0) {
            return;
          }
          listener.pressed((char) key);
        }
      }
    } catch (IOException | InterruptedException gone) {
      // Nobody sits there any more.
    }
  }

  /** Listens no more, and gives the terminal back as it was. */
  void close() {
    stopped.countDown();
    if (!before.isEmpty() && inForeground()) {
      stty(before);
    }
  }

  /** After Linux's {@code /proc}; elsewhere it is taken for granted. */
  private static boolean inForeground() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      // After the name, which may have anything in it: state, parent, group, session, terminal, …
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[GROUP].equals(fields[FOREGROUND]);
    } catch (IOException | IndexOutOfBoundsException untold) {
      return true;
    }
  }

  /** Returns the output of {@code stty}; empty if it cannot be run. */
  private static String stty(String arguments) {
    try {
      Process process =
          new ProcessBuilder("sh", "-c", "stty " + arguments + " < /dev/tty")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      boolean good = process.waitFor(STTY_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
      // It goes into a shell again.
      return good && said.matches("[0-9a-f:]*") ? said : "";
    } catch (IOException missing) {
      return "";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
