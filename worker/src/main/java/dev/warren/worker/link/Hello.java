package dev.warren.worker.link;

/**
 * A child's first frame.
 *
 * @param version of this protocol: {@value #VERSION}
 * @param token what the supervisor gave it in the environment variable {@code WARREN_LINK_TOKEN}
 * @param pid the child's process id
 * @param withdraw whether it understands WITHDRAW
 */
public record Hello(int version, String token, long pid, boolean withdraw) {
  public static final int VERSION = 1;

  /** Environment variable with the path of the link's socket (a Unix domain socket). */
  public static final String SOCKET_VARIABLE = "WARREN_LINK";

  public static final String TOKEN_VARIABLE = "WARREN_LINK_TOKEN";
}
