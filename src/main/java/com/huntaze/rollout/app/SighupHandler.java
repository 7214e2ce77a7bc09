package com.huntaze.rollout.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, by which daemons are told to read their configuration again. {@code sun.misc.Signal}
 * (module {@code jdk.unsupported}) is the JDK's only way to hear it; it is looked up by name,
 * because the compiler warns of it and a JDK may come without it.
 */
final class SighupHandler {
  private static final Logger log = LoggerFactory.getLogger(SighupHandler.class);

  private SighupHandler() {}

  /** Has something done whenever the signal comes, instead of the process's end. */
  static void then(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object hangup = signal.getConstructor(String.class).newInstance("HUP");
      Object told =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> called(self, method, arguments, action));
      Object before = signal.getMethod("handle", signal, handler).invoke(null, hangup, told);
      if (before == handler.getField("SIG_IGN").get(null)) {
        // The JVM leaves a signal alone that its parent has had ignored.
        log.info(
            "SIGHUP is ignored here, as under nohup: the configuration is reloaded by file and"
                + " API alone");
      }
    } catch (ReflectiveOperationException | IllegalArgumentException none) {
      log.info("SIGHUP cannot be heard here: the configuration is reloaded by file and API alone");
      log.debug("SIGHUP", reason(none));
    }
  }

  private static Throwable reason(Exception failure) {
    return failure instanceof InvocationTargetException ? failure.getCause() : failure;
  }

  private static Object called(Object self, Method method, Object[] arguments, Runnable action) {
    return switch (method.getName()) {
      case "handle" -> {
        action.run();
        yield null;
      }
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "rollout-proxy's SIGHUP handler";
    };
  }
}
