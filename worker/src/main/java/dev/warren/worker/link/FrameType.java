package dev.warren.worker.link;

/**
 * What a frame is; the code is its first byte. Payload of each: a JSON object on one line (its
 * header), for CALLS and OUTCOMES followed by a line feed and one line per call.
 */
public enum FrameType {
  /** Child, first frame: {@link Hello}. */
  HELLO('H'),
  /** Supervisor, answer to HELLO: {@link Setup}. */
  SETUP('S'),
  /** Child: initialised, takes calls. Empty object. */
  READY('R'),
  /** Child: the initializer failed; a failure object. The child then ends. */
  INIT_FAILED('I'),
  /** Supervisor: {@link CallsHeader}, then the calls' arguments, one JSON array a line. */
  CALLS('C'),
  /** Child: {@link CallMark} of a call that has been running for a while, and how long. */
  RUNNING('B'),
  /** Child: {@link OutcomesHeader}, then one outcome a line. */
  OUTCOMES('O'),
  /** Supervisor: {@link CallMark} of the call to interrupt, if it is the one running. */
  INTERRUPT('X'),
  /** Child: {@link Note}, a line for the log or a progress value. */
  NOTE('L'),
  /** Child: replace me after the running call. Empty object. */
  RECYCLE('Y'),
  /** Supervisor, to a child whose HELLO says that it can: give back what is not begun. Empty. */
  WITHDRAW('W'),
  /** Child, answer to WITHDRAW: {@link ReturnedHeader} of calls that it will not begin. */
  RETURNED('U'),
  /** Supervisor: take no more, finish what is running, end with exit code 0. Empty object. */
  QUIT('Q');

  private static final FrameType[] ALL = values();

  private final byte code;

  FrameType(char code) {
    this.code = (byte) code;
  }

  public byte code() {
    return code;
  }

  /** What stands in front of a payload of that many bytes: the frame's length and this code. */
  public byte[] prefix(int payload) {
    int length = payload + 1;
    return new byte[] {
      (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length, code
    };
  }

  /**
   * The type with this code.
   *
   * @throws LinkException where there is none
   */
  public static FrameType ofCode(byte code) {
    for (FrameType type : ALL) {
      if (type.code == code) {
        return type;
      }
    }
    throw new LinkException("unknown frame type " + (code & 0xff));
  }
}
