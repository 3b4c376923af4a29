package dev.warren.cli.kit;

import dev.warren.lifecycle.DurationParser;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the durations of options, with {@link DurationParser}. Stateless. */
public final class DurationText implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    return parse(text);
  }

  /**
   * Parses a duration.
   *
   * @throws TypeConversionException if it is none
   */
  public static Duration parse(String text) {
    try {
      return DurationParser.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
