package dev.warren.cli.coordinator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where to listen: {@code 127.0.0.1:8765}, {@code [::1]:8765}, {@code localhost:8765}. Immutable.
 *
 * @param host without brackets
 */
record ListenAddress(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)\\]|([^:\\[\\]/@\\s]+)):(\\d{1,5})");
  private static final int MAX_PORT = 65_535;

  /** As in a URL. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** With another port, the one that was free. */
  ListenAddress withPort(int other) {
    return new ListenAddress(host, other);
  }

  static final class Converter implements ITypeConverter<ListenAddress> {
    @Override
    public ListenAddress convert(String text) {
      Matcher form = FORM.matcher(text.strip());
      if (!form.matches() || Integer.parseInt(form.group(3)) > MAX_PORT) {
        throw new TypeConversionException(
            "'" + text + "' must be HOST:PORT, such as 127.0.0.1:8765 or [::1]:8765");
      }
      String host = form.group(1) == null ? form.group(2) : form.group(1);
      return new ListenAddress(host, Integer.parseInt(form.group(3)));
    }
  }
}
