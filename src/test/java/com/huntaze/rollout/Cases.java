package com.huntaze.rollout;

import io.vertx.core.Vertx;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/**
 * Examples of the types of sealed interfaces, and the methods that tell those apart. Each package
 * adds its own, for much of it is not public.
 */
public final class Cases {
  private final Vertx vertx;
  private final List<Object> examples = new ArrayList<>();
  private final List<Dispatcher> dispatchers = new ArrayList<>();

  Cases(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Gives a method one example. */
  public interface Feeding {
    /** Throws an {@link AssertionError} if the example's type is not known there. */
    void feed(Object example) throws Exception;
  }

  /**
   * A method that tells types apart.
   *
   * @param name class and method
   * @param over the sealed interface
   */
  public record Dispatcher(String name, Class<?> over, Feeding feeding) {}

  /** For dispatchers that need one. */
  public Vertx vertx() {
    return vertx;
  }

  /** Adds examples; constants of enums need not be added. */
  public void examples(Object... more) {
    examples.addAll(List.of(more));
  }

  /** Adds a dispatcher. */
  public void dispatcher(String name, Class<?> over, Feeding feeding) {
    dispatchers.add(new Dispatcher(name, over, feeding));
  }

  /** All examples of a type. */
  List<Object> examplesOf(Class<?> type) {
    return type.isEnum()
        ? List.of(type.getEnumConstants())
        : examples.stream().filter(type::isInstance).toList();
  }

  List<Dispatcher> dispatchers() {
    return dispatchers;
  }

  /** Calls the one method of this name and number of arguments, whoever may see it. */
  public static Object call(Object target, String name, Object... arguments) throws Exception {
    Class<?> type = target instanceof Class<?> of ? of : target.getClass();
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)
          && method.getParameterCount() == arguments.length
          && !method.isSynthetic()) {
        method.setAccessible(true);
        return unwrapped(() -> method.invoke(target, arguments));
      }
    }
    throw new NoSuchMethodException(type + "." + name);
  }

  /** Makes an object with a type's only constructor without parameters. */
  public static Object make(Class<?> type) throws Exception {
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  private static Object unwrapped(java.util.concurrent.Callable<Object> call) throws Exception {
    try {
      return call.call();
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) thrown.getCause();
    }
  }
}
