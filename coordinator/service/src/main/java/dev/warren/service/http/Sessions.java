package dev.warren.service.http;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;

/** Sets and removes the cookie of a browser that has signed in. Stateless. */
public final class Sessions {
  private Sessions() {}

  /** Signs the browser in, for {@link AccessToken#SESSION}. */
  public static void start(Context request, AccessToken token) {
    request.cookie(cookie(request, token.session(), (int) AccessToken.SESSION.toSeconds()));
  }

  /** Signs the browser out. */
  public static void end(Context request) {
    request.cookie(cookie(request, "", 0));
  }

  private static Cookie cookie(Context request, String value, int seconds) {
    boolean secure = request.scheme().equals("https");
    return new Cookie(Gate.COOKIE, value, "/", seconds, secure, true, null, SameSite.STRICT);
  }
}
