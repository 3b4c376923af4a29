package dev.warren.meter;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A label of a meter. Immutable.
 *
 * @param values all values it can have; empty if they are only known at run time
 * @param open what the values are if they are only known at run time, otherwise empty
 */
public record Label(String name, List<String> values, String open) {
  public Label {
    values = List.copyOf(values);
  }

  /** A label whose values are the constants of an enum, in lower case. */
  public static <E extends Enum<E>> Label of(String name, Class<E> type) {
    return of(name, Arrays.stream(type.getEnumConstants()).map(Label::value).toList());
  }

  /** A label with these values. */
  public static Label of(String name, List<String> values) {
    return new Label(name, values, "");
  }

  /** A label whose values, a bounded number, are only known at run time. */
  public static Label open(String name, String description) {
    return new Label(name, List.of(), description);
  }

  /** The form of an enum constant: {@code time_limit}. */
  public static String value(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
