package dev.warren.worker.link;

/**
 * A child's first frame. Immutable.
 *
 * @param version protocol version: {@value #VERSION}
 * @param token the value of the environment variable {@code WARREN_LINK_TOKEN}, set by the
 *     supervisor
 * @param pid the child's process id
 * @param withdraw whether the child supports WITHDRAW
 */
public record Hello(int version, String token, long pid, boolean withdraw) {
  public static final int VERSION = 1;

  /** Environment variable with the path of the link's Unix domain socket. */
  public static final String SOCKET_VARIABLE = "WARREN_LINK";

  public static final String TOKEN_VARIABLE = "WARREN_LINK_TOKEN";
}
