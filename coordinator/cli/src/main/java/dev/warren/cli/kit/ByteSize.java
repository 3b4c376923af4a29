package dev.warren.cli.kit;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An amount of memory, written {@code 64k}, {@code 512m} or {@code 2g}. Immutable.
 *
 * @param bytes at least 1
 */
public record ByteSize(long bytes) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})([kmg])(?:i?b)?");

  static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
      if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
        throw new TypeConversionException("'" + text + "' is not a size; write 64k, 512m or 2g");
      }
      int shift =
          switch (matcher.group(2)) {
            case "k" -> 10;
            case "m" -> 20;
            default -> 30;
          };
      return new ByteSize(Long.parseLong(matcher.group(1)) << shift);
    }
  }
}
