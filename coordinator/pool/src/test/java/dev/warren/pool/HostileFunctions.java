package dev.warren.pool;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Functions that throw exceptions whose methods misbehave, each in one way; run in children. */
@SuppressWarnings({"OverrideThrowableToString", "ToStringReturnsNull"}) // their hostility
public final class HostileFunctions {
  /** Number of kinds: {@link #fail} accepts 0 to this, exclusive. */
  static final int KINDS = 15;

  private HostileFunctions() {}

  /** Fails in the given way; returns any other argument. */
  public static int fail(int kind) throws Exception {
    if (kind < 0 || kind >= KINDS) {
      return kind;
    }
    throw exceptions().get(kind).apply("kind " + kind);
  }

  private static List<Function<String, Exception>> exceptions() {
    return List.of(
        MessageThrows::new,
        MessageIsNull::new,
        MessageRecurses::new,
        TextThrows::new,
        TextIsNull::new,
        StackIsNull::new,
        StackThrows::new,
        CauseThrows::new,
        CauseIsEndless::new,
        LocalizedThrows::new,
        InitCauseThrows::new,
        SetStackThrows::new,
        LoneSurrogates::new,
        Anonymous::of,
        FillsInNothing::new);
  }

  /** An exception that the caller's side can rebuild from its message. */
  public abstract static class Hostile extends Exception {
    private static final long serialVersionUID = 1L;

    Hostile(String message) {
      super(message);
    }
  }

  public static final class MessageThrows extends Hostile {
    private static final long serialVersionUID = 1L;

    public MessageThrows(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      throw new AssertionError("hostile");
    }
  }

  public static final class MessageIsNull extends Hostile {
    private static final long serialVersionUID = 1L;

    public MessageIsNull(String message) {
      super(message);
    }

    @Override
    public @Nullable String getMessage() {
      return null;
    }
  }

  public static final class MessageRecurses extends Hostile {
    private static final long serialVersionUID = 1L;

    public MessageRecurses(String message) {
      super(message);
    }

    @Override
    @SuppressWarnings("InfiniteRecursion") // that is its hostility
    public String getMessage() {
      return "" + toString();
    }
  }

  public static final class TextThrows extends Hostile {
    private static final long serialVersionUID = 1L;

    public TextThrows(String message) {
      super(message);
    }

    @Override
    public String toString() {
      throw new IllegalStateException("hostile");
    }
  }

  public static final class TextIsNull extends Hostile {
    private static final long serialVersionUID = 1L;

    public TextIsNull(String message) {
      super(message);
    }

    @Override
    public @Nullable String toString() {
      return null;
    }
  }

  public static final class StackIsNull extends Hostile {
    private static final long serialVersionUID = 1L;

    public StackIsNull(String message) {
      super(message);
    }

    @Override
    public StackTraceElement @Nullable [] getStackTrace() {
      return null;
    }
  }

  public static final class StackThrows extends Hostile {
    private static final long serialVersionUID = 1L;

    public StackThrows(String message) {
      super(message);
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new StackOverflowError();
    }
  }

  public static final class CauseThrows extends Hostile {
    private static final long serialVersionUID = 1L;

    public CauseThrows(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable getCause() {
      throw new LinkageError("hostile");
    }
  }

  public static final class CauseIsEndless extends Hostile {
    private static final long serialVersionUID = 1L;

    public CauseIsEndless(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable getCause() {
      return new CauseIsEndless("again");
    }
  }

  public static final class LocalizedThrows extends Hostile {
    private static final long serialVersionUID = 1L;

    public LocalizedThrows(String message) {
      super(message);
    }

    @Override
    public String getLocalizedMessage() {
      throw new OutOfMemoryError("hostile, there is enough");
    }
  }

  public static final class InitCauseThrows extends Hostile {
    private static final long serialVersionUID = 1L;

    public InitCauseThrows(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable initCause(@Nullable Throwable cause) {
      throw new AssertionError("hostile");
    }
  }

  public static final class SetStackThrows extends Hostile {
    private static final long serialVersionUID = 1L;

    public SetStackThrows(String message) {
      super(message);
    }

    @Override
    public void setStackTrace(StackTraceElement[] trace) {
      throw new NoClassDefFoundError("hostile");
    }
  }

  public static final class LoneSurrogates extends Hostile {
    private static final long serialVersionUID = 1L;

    public LoneSurrogates(String message) {
      super(message + " \ud800 \udc00\ud800 \u0000");
    }
  }

  static final class Anonymous {
    private Anonymous() {}

    static Exception of(String message) {
      return new Hostile(message) {
        private static final long serialVersionUID = 1L;

        @Override
        public StackTraceElement[] getStackTrace() {
          return new StackTraceElement[] {null, null};
        }
      };
    }
  }

  public static final class FillsInNothing extends Hostile {
    private static final long serialVersionUID = 1L;

    public FillsInNothing(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** Its getMessage never returns. */
  public static final class MessageBlocks extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("InfiniteLoopStatement") // that is its hostility
    public String getMessage() {
      while (true) {
        LockSupport.park(this);
      }
    }
  }

  /** Throws an exception whose getMessage never returns, for 1; otherwise returns the argument. */
  public static int block(int n) {
    if (n == 1) {
      throw new MessageBlocks();
    }
    return n;
  }
}
