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

  private static final HeaderFormat FORMAT =
      new HeaderFormat("version", "token", "pid", "withdraw");

  /**
   * Parses the header of a HELLO frame.
   *
   * @throws LinkException if it is malformed
   */
  public static Hello read(Frame frame) {
    HeaderReader header = FORMAT.read(frame);
    return new Hello(header.smallNumber(), header.text(), header.number(), header.flag(false));
  }

  public Frame frame() {
    return FORMAT
        .write()
        .number(version)
        .text(token)
        .number(pid)
        .flag(withdraw)
        .frame(FrameType.HELLO);
  }
}
