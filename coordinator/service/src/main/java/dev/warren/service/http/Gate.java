package dev.warren.service.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may pass. Immutable.
 *
 * <ul>
 *   <li>Without a token the service listens on loopback only, and accepts only names of this
 *       machine as {@code Host}: a site whose name was rebound to 127.0.0.1 is refused.
 *   <li>With a token a request must present it, or the cookie of a browser that has signed in.
 *   <li>A write that comes from a browser, recognized by {@code Origin} or {@code Sec-Fetch-Site},
 *       must come from this service's own page: its {@code Origin} is this host, and it carries
 *       {@code X-Warren: 1}, which no form can send. A write with the cookie always needs both.
 *   <li>A request with {@code X-Warren-Pool} is meant for the pool of that name.
 * </ul>
 */
final class Gate {
  /** Name of the cookie of a browser that has signed in. */
  static final String COOKIE = "warren_session";

  private static final Set<HandlerType> READS =
      Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
  private static final Pattern LOCAL_HOST =
      Pattern.compile(
          "(?:localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1\\])(?::\\d{1,5})?",
          Pattern.CASE_INSENSITIVE);
  private static final String BEARER = "Bearer ";

  private final @Nullable AccessToken token;
  private final String pool;

  Gate(@Nullable AccessToken token, String pool) {
    this.token = token;
    this.pool = pool;
  }

  /**
   * Lets a request pass.
   *
   * @throws Problem if it may not
   */
  void check(Context request, Route.Access access) {
    if (token == null) {
      checkHost(request);
    }
    boolean proven = access == Route.Access.OPEN || token == null;
    boolean bearer = token != null && presentsToken(request, token);
    if (!proven && !bearer && !hasSession(request, token)) {
      request.header("WWW-Authenticate", "Bearer realm=\"warren\"");
      throw new Problem(
          HttpStatus.UNAUTHORIZED_401,
          "this coordinator needs its token: Authorization: Bearer TOKEN");
    }
    if (!READS.contains(request.method())) {
      checkOrigin(request, proven || bearer);
    }
    checkPool(request);
  }

  private void checkPool(Context request) {
    String meant = request.header("X-Warren-Pool");
    if (meant != null && !meant.equals(pool)) {
      throw new Problem(
          HttpStatus.MISDIRECTED_REQUEST_421,
          "this coordinator serves pool '" + pool + "', not '" + meant + "'");
    }
  }

  private static void checkHost(Context request) {
    String host = request.header("Host");
    if (host == null || !LOCAL_HOST.matcher(host).matches()) {
      throw forbidden(
          "the host of this request is '"
              + host
              + "'; a coordinator without a token answers only to localhost");
    }
  }

  private static boolean presentsToken(Context request, AccessToken token) {
    String given = request.header("Authorization");
    return given != null
        && given.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && token.matches(given.substring(BEARER.length()).strip());
  }

  private static boolean hasSession(Context request, @Nullable AccessToken token) {
    String cookie = request.cookie(COOKIE);
    return token != null && cookie != null && token.isSession(cookie);
  }

  /**
   * Refuses writes that another site's page has made a browser send.
   *
   * @param program whether a request without any trace of a browser may pass
   */
  private static void checkOrigin(Context request, boolean program) {
    String origin = request.header("Origin");
    String site = request.header("Sec-Fetch-Site");
    if (origin == null && program && (site == null || site.equals("none"))) {
      return;
    }
    if (origin == null || !isOwn(origin, request.header("Host"))) {
      throw forbidden(
          "a write of a browser must come from this coordinator's own page, not from " + origin);
    }
    if (!"1".equals(request.header("X-Warren"))) {
      throw forbidden("a write of a browser must have the header X-Warren: 1");
    }
  }

  private static boolean isOwn(String origin, @Nullable String host) {
    int scheme = origin.indexOf("://");
    return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
  }

  private static Problem forbidden(String sentence) {
    return new Problem(HttpStatus.FORBIDDEN_403, sentence);
  }
}
