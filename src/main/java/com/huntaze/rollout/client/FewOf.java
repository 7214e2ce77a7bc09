package com.huntaze.rollout.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A set in the order in which its elements came, that mostly has none or one, as what a connection
 * of HTTP/1 serves: then there is no table behind it. While it is walked through it may change;
 * what it had at the beginning counts.
 */
final class FewOf<T> {
  /** The only element; {@code null} = there is none, or there are {@link #more}. */
  private T only;

  /** All elements, {@code null} = at most one; once there were more they stay in it. */
  private Set<T> more;

  void add(T element) {
    if (more != null) {
      more.add(element);
    } else if (only == null) {
      only = element;
    } else if (!only.equals(element)) {
      more = new LinkedHashSet<>(List.of(only, element));
      only = null;
    }
  }

  void remove(T element) {
    if (more != null) {
      more.remove(element);
    } else if (element.equals(only)) {
      only = null;
    }
  }

  boolean isEmpty() {
    return more == null ? only == null : more.isEmpty();
  }

  /** A copy of what is in it now. */
  List<T> all() {
    if (more != null) {
      return List.copyOf(more);
    }
    return only == null ? List.of() : List.of(only);
  }

  void forEach(Consumer<? super T> action) {
    if (more != null) {
      List.copyOf(more).forEach(action);
    } else if (only != null) {
      action.accept(only);
    }
  }
}
