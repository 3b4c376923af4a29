package dev.warren.cli.options;

import dev.warren.cli.kit.CommandFailure;
import java.net.URI;
import java.net.URISyntaxException;

/** The address of a coordinator. Stateless. */
public final class CoordinatorUrl {
  private CoordinatorUrl() {}

  /**
   * Parses the value of {@code --coordinator}.
   *
   * @throws CommandFailure if it is not a URL
   */
  public static URI parse(String text) {
    try {
      URI uri = new URI(text.strip().replaceFirst("/+$", ""));
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // refused below
    }
    throw CommandFailure.usage(
        "--coordinator is '" + text + "'; must be a URL such as http://127.0.0.1:8765");
  }
}
