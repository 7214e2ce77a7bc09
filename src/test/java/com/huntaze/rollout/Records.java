package com.huntaze.rollout;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Changed copies of records, so that a test names what it changes and nothing else. */
public final class Records {
  private Records() {}

  /** The same record with another value of one component. */
  public static <T extends Record> T with(T record, String component, Object value) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    boolean found = false;
    try {
      for (int i = 0; i < components.length; i++) {
        boolean changed = components[i].getName().equals(component);
        components[i].getAccessor().setAccessible(true);
        values[i] = changed ? value : components[i].getAccessor().invoke(record);
        found |= changed;
      }
      if (!found) {
        throw new IllegalArgumentException(component + ": no component of " + record.getClass());
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var constructor = record.getClass().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      @SuppressWarnings("unchecked")
      T copy = (T) constructor.newInstance(values);
      return copy;
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalArgumentException(component + " = " + value, impossible);
    }
  }
}
