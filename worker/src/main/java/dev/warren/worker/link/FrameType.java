package dev.warren.worker.link;

/**
 * The types of frames; the code is a frame's type byte. Each payload is a JSON object on one line
 * (the header), followed in CALLS and OUTCOMES frames by a line feed and one line per call.
 */
public enum FrameType {
  /** Child, first frame: {@link Hello}. */
  HELLO('H'),
  /** Supervisor, answer to HELLO: {@link Setup}. */
  SETUP('S'),
  /** Child: initialized and ready for calls. Empty object. */
  READY('R'),
  /** Child: the initializer failed; a failure object. The child then exits. */
  INIT_FAILED('I'),
  /** Supervisor: {@link CallsHeader}, then the calls' arguments, one JSON array per line. */
  CALLS('C'),
  /** Child: {@link CallMark} of a call that has been running for some time. */
  RUNNING('B'),
  /** Child: {@link OutcomesHeader}, then one outcome per line. */
  OUTCOMES('O'),
  /** Supervisor: {@link CallMark} of the call to interrupt, if it is the one running. */
  INTERRUPT('X'),
  /** Child: {@link Note} with a log line or a progress value. */
  NOTE('L'),
  /** Child: replace me after the running call. {@link RecycleHeader}. */
  RECYCLE('Y'),
  /**
   * Supervisor, to a child whose HELLO supports it: return all calls that have not begun. Empty.
   */
  WITHDRAW('W'),
  /** Child, answer to WITHDRAW: {@link ReturnedHeader} of calls that it will not begin. */
  RETURNED('U'),
  /** Supervisor: accept no more calls, finish the running one, exit with code 0. Empty object. */
  QUIT('Q');

  private static final FrameType[] ALL = values();

  private final byte code;

  FrameType(char code) {
    this.code = (byte) code;
  }

  public byte code() {
    return code;
  }

  /**
   * The bytes before a payload of {@code payload} bytes: the frame's length and this type's code.
   */
  public byte[] prefix(int payload) {
    int length = payload + 1;
    return new byte[] {
      (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length, code
    };
  }

  /**
   * Returns the type with this code.
   *
   * @throws LinkException if there is none
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
