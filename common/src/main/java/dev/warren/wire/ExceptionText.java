package dev.warren.wire;

import dev.warren.task.RemoteFailure;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads exceptions without trusting them. An exception's methods are user code: they may throw
 * anything, return null or nonsense, recurse, or never return. The methods here return a text
 * whatever those methods throw. They may block, unless {@link #isPlain} holds. Stateless.
 */
public final class ExceptionText {
  /** Maximum length of a returned text, in characters; longer ones are truncated with a note. */
  public static final int LONGEST_TEXT = 64 * 1024;

  /** Maximum depth of causes and suppressed exceptions that are followed. */
  private static final int DEEPEST = 2000;

  private static final String[] OVERRIDABLE = {
    "getMessage", "getLocalizedMessage", "toString", "getCause", "getStackTrace"
  };

  // a class, not a lambda: the first lambda of a process takes about 20 ms
  private static final ClassValue<Boolean> OVERRIDES =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return overrides(type);
        }
      };

  private ExceptionText() {}

  /**
   * Whether reading the exception, its causes and its suppressed exceptions runs only the JDK's
   * code, and so cannot block.
   */
  public static boolean isPlain(Throwable thrown) {
    return isPlain(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static boolean isPlain(Throwable thrown, Set<Throwable> seen) {
    if (!seen.add(thrown)) {
      return true;
    }
    if (OVERRIDES.get(thrown.getClass()) || seen.size() > DEEPEST) {
      return false;
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      if (!isPlain(suppressed, seen)) {
        return false;
      }
    }
    Throwable cause = thrown.getCause();
    return cause == null || isPlain(cause, seen);
  }

  private static boolean overrides(Class<?> type) {
    try {
      for (String name : OVERRIDABLE) {
        Method method = type.getMethod(name);
        ClassLoader loader = method.getDeclaringClass().getClassLoader();
        if (loader != null && loader != ClassLoader.getPlatformClassLoader()) {
          return true;
        }
      }
      return false;
    } catch (NoSuchMethodException | LinkageError e) {
      return true;
    }
  }

  /** The exception's class and its superclasses, most specific first, ending with Throwable. */
  public static List<String> types(Throwable thrown) {
    List<String> types = new ArrayList<>();
    Class<?> type = thrown.getClass();
    while (type != Object.class && type != null) {
      types.add(cut(type.getName()));
      type = type.getSuperclass();
    }
    return types;
  }

  /** The exception's message, truncated; a note if getMessage throws. */
  public static @Nullable String message(Throwable thrown) {
    try {
      String message = thrown.getMessage();
      return message == null ? null : cut(message);
    } catch (Throwable e) {
      return "(its getMessage threw " + e.getClass().getName() + ")";
    }
  }

  /** The exception's toString, truncated; its class name with a note if toString throws. */
  public static String text(Throwable thrown) {
    try {
      String text = thrown.toString();
      return text == null
          ? thrown.getClass().getName() + " (its toString returned null)"
          : cut(text);
    } catch (Throwable e) {
      return thrown.getClass().getName() + " (its toString threw " + e.getClass().getName() + ")";
    }
  }

  /**
   * Truncates a text to {@link #LONGEST_TEXT} and makes it valid for UTF-8: lone surrogates become
   * U+FFFD.
   */
  public static String cut(String text) {
    String kept =
        text.length() <= LONGEST_TEXT
            ? text
            : text.substring(0, LONGEST_TEXT) + "… (cut; " + text.length() + " characters)";
    return wellFormed(kept);
  }

  private static String wellFormed(String text) {
    StringBuilder changed = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (changed == null) {
        changed = new StringBuilder(text);
      }
      changed.setCharAt(i, '\uFFFD');
    }
    return changed == null ? text : changed.toString();
  }

  /** The stack trace as Throwable prints it, causes included, truncated. */
  public static String stack(Throwable thrown) {
    return stack(thrown, UnaryOperator.identity());
  }

  /**
   * The stack trace as Throwable prints it, causes included, truncated.
   *
   * @param shown selects the frames of each exception to print
   */
  public static String stack(Throwable thrown, UnaryOperator<StackTraceElement[]> shown) {
    Printer printer = new Printer(shown);
    try {
      printer.print(thrown, "", "", new StackTraceElement[0], 0);
    } catch (Throwable e) {
      printer
          .out
          .append("(the rest could not be read: ")
          .append(e.getClass().getName())
          .append(")");
    }
    String text = wellFormed(printer.out.toString());
    return text.length() <= LONGEST_TEXT
        ? text
        : wellFormed(text.substring(0, LONGEST_TEXT)) + "\n… (cut)\n";
  }

  /**
   * The causes of an exception, outermost first: its cause, the cause of that, and so on. All texts
   * together are bounded; what exceeds the bound is left out.
   *
   * @param shown selects the frames of each exception to print
   */
  public static List<RemoteFailure.Thrown> causes(
      Throwable thrown, UnaryOperator<StackTraceElement[]> shown) {
    return new Reader(shown).causes(thrown);
  }

  /** The exceptions that an exception has suppressed, bounded like {@link #causes}. */
  public static List<RemoteFailure.Thrown> suppressed(
      Throwable thrown, UnaryOperator<StackTraceElement[]> shown) {
    return new Reader(shown).suppressed(thrown, trace(thrown, shown));
  }

  private static StackTraceElement[] trace(
      Throwable thrown, UnaryOperator<StackTraceElement[]> shown) {
    StackTraceElement[] trace;
    try {
      trace = thrown.getStackTrace();
    } catch (Throwable e) {
      return new StackTraceElement[0];
    }
    if (trace == null) {
      return new StackTraceElement[0];
    }
    for (StackTraceElement frame : trace) {
      if (frame == null) {
        trace = Arrays.stream(trace).filter(Objects::nonNull).toArray(StackTraceElement[]::new);
        break;
      }
    }
    return shown.apply(trace);
  }

  /** Number of frames at the outer end that both traces share. */
  private static int common(StackTraceElement[] trace, StackTraceElement[] enclosing) {
    int common = 0;
    while (common < trace.length
        && common < enclosing.length
        && trace[trace.length - 1 - common].equals(enclosing[enclosing.length - 1 - common])) {
      common++;
    }
    return common;
  }

  private static @Nullable Throwable cause(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (Throwable e) {
      return null;
    }
  }

  /** Appends the frames that the enclosing exception does not have. */
  private static void frames(
      StringBuilder out, String indent, StackTraceElement[] trace, StackTraceElement[] enclosing) {
    int common = common(trace, enclosing);
    for (int i = 0; i < trace.length - common && out.length() <= LONGEST_TEXT; i++) {
      out.append(indent).append("\tat ").append(trace[i]).append('\n');
    }
    if (common > 0) {
      out.append(indent).append("\t... ").append(common).append(" more\n");
    }
  }

  /** Reads the causes and suppressed exceptions of one exception. */
  private static final class Reader {
    private static final int MAX_EXCEPTIONS = 100;

    private final UnaryOperator<StackTraceElement[]> shown;
    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private int characters;

    Reader(UnaryOperator<StackTraceElement[]> shown) {
      this.shown = shown;
    }

    List<RemoteFailure.Thrown> causes(Throwable thrown) {
      seen.add(thrown);
      List<RemoteFailure.Thrown> causes = new ArrayList<>();
      StackTraceElement[] enclosing = trace(thrown, shown);
      Throwable cause = cause(thrown);
      while (cause != null && mayRead(cause)) {
        causes.add(read(cause, enclosing, false));
        enclosing = trace(cause, shown);
        cause = cause(cause);
      }
      return causes;
    }

    List<RemoteFailure.Thrown> suppressed(Throwable thrown, StackTraceElement[] enclosing) {
      List<RemoteFailure.Thrown> all = new ArrayList<>();
      for (Throwable one : thrown.getSuppressed()) {
        if (mayRead(one)) {
          all.add(read(one, enclosing, true));
        }
      }
      return all;
    }

    private boolean mayRead(Throwable thrown) {
      return seen.size() < MAX_EXCEPTIONS && characters < LONGEST_TEXT && seen.add(thrown);
    }

    private RemoteFailure.Thrown read(
        Throwable thrown, StackTraceElement[] enclosing, boolean withCauses) {
      StackTraceElement[] trace = trace(thrown, shown);
      StringBuilder stack = new StringBuilder();
      frames(stack, "", trace, enclosing);
      String message = message(thrown);
      List<String> types = types(thrown);
      characters += stack.length() + (message == null ? 0 : message.length());
      return new RemoteFailure.Thrown(
          types.get(0),
          message,
          cut(stack.toString()),
          types,
          withCauses ? causes(thrown) : List.of(),
          suppressed(thrown, trace));
    }
  }

  private static final class Printer {
    private final UnaryOperator<StackTraceElement[]> shown;
    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final StringBuilder out = new StringBuilder(1024);

    Printer(UnaryOperator<StackTraceElement[]> shown) {
      this.shown = shown;
    }

    void print(
        Throwable thrown, String indent, String caption, StackTraceElement[] enclosing, int depth) {
      if (out.length() > LONGEST_TEXT) {
        return;
      }
      out.append(indent).append(caption).append(text(thrown)).append('\n');
      if (!seen.add(thrown) || depth > DEEPEST) {
        out.append(indent).append(depth > DEEPEST ? "\t(and deeper)\n" : "\t(seen above)\n");
        return;
      }
      StackTraceElement[] trace = ExceptionText.trace(thrown, shown);
      frames(out, indent, trace, enclosing);
      for (Throwable suppressed : thrown.getSuppressed()) {
        print(suppressed, indent + "\t", "Suppressed: ", trace, depth + 1);
      }
      Throwable cause = cause(thrown);
      if (cause != null) {
        print(cause, indent, "Caused by: ", trace, depth + 1);
      }
    }
  }
}
