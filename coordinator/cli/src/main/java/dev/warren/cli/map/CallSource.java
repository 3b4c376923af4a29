package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.json.Json;
import dev.warren.task.Payload;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Supplies the input to the pool: one JSON array of arguments per line; each line is checked first.
 * Read by one thread; {@link #failure()} may be called by another.
 *
 * <p>An invalid line, or an unreadable input, ends the iteration like the end of the file; {@link
 * #failure()} then returns the reason.
 */
final class CallSource implements Iterator<Payload> {
  private final InputLines lines;
  private final String name;
  private final int arity;
  private final boolean plain;
  private final FinishedCalls finished;
  private final CallsInFlight inFlight;
  private final AtomicReference<@Nullable CommandFailure> failure = new AtomicReference<>();
  private @Nullable Payload ahead;
  private boolean ended;
  private long order;

  /**
   * Creates a source.
   *
   * @param name the input's name, for messages
   * @param arity number of arguments of each call; at least 1
   * @param plain whether a line is a string rather than JSON
   * @param finished calls that are left out
   * @param inFlight receives each call
   */
  CallSource(
      InputLines lines,
      String name,
      int arity,
      boolean plain,
      FinishedCalls finished,
      CallsInFlight inFlight) {
    this.finished = finished;
    this.inFlight = inFlight;
    this.lines = lines;
    this.name = name;
    this.arity = arity;
    this.plain = plain;
  }

  @Override
  public boolean hasNext() {
    if (ahead == null && !ended) {
      try {
        ahead = unfinished();
      } catch (CommandFailure e) {
        failure.set(e);
      } catch (IOException e) {
        failure.set(
            new CommandFailure(ExitCode.USAGE, "cannot read " + name + ": " + e.getMessage(), e));
      }
      ended = ahead == null;
    }
    return ahead != null;
  }

  /** Returns the arguments of the next call that is not finished; null at the end of the input. */
  private @Nullable Payload unfinished() throws IOException {
    for (Payload line = lines.next(); line != null; line = lines.next()) {
      long index = lines.number() - 1;
      Payload json = plain ? Json.write(text(line)) : line;
      if (!plain) {
        checkJson(line);
      }
      if (!finished.has(index, json)) {
        inFlight.add(order++, index, json);
        return arity > 1 ? json : array(json);
      }
    }
    finished.checkEnd(lines.number());
    return null;
  }

  @Override
  public Payload next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    Payload next = ahead;
    ahead = null;
    return next;
  }

  /** Why the input ended early; null if it did not. */
  @Nullable CommandFailure failure() {
    return failure.get();
  }

  private static Payload array(Payload line) {
    byte[] array = new byte[line.length() + 2];
    array[0] = '[';
    System.arraycopy(line.array(), line.offset(), array, 1, line.length());
    array[array.length - 1] = ']';
    return Payload.of(array);
  }

  private String text(Payload line) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(line.toBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new CommandFailure(ExitCode.USAGE, here() + " is not UTF-8", e);
    }
  }

  private void checkJson(Payload line) {
    if (line.indexOf((byte) 0, 0) >= 0) {
      throw CommandFailure.usage(here() + " has a zero byte; the input must be JSON in UTF-8");
    }
    try (JsonParser parser = Json.parser(line)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw CommandFailure.usage(here() + " is empty; write one JSON value per line");
      }
      int elements = first == JsonToken.START_ARRAY && arity > 1 ? count(parser) : -1;
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw CommandFailure.usage(here() + " has more than one JSON value");
      }
      if (arity > 1 && elements != arity) {
        throw CommandFailure.usage(
            here() + " must be an array of " + arity + " arguments, but " + found(elements));
      }
    } catch (JacksonException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          here()
              + " is not JSON: "
              + e.getOriginalMessage().lines().findFirst().orElse("")
              + (e.getLocation() == null ? "" : ", at column " + e.getLocation().getColumnNr())
              + " (--lines takes lines as plain strings)",
          e);
    }
  }

  private static String found(int elements) {
    return elements < 0 ? "is not an array" : "has " + elements;
  }

  /** Counts the elements of the array that was just opened; leaves the parser at its end. */
  private static int count(JsonParser parser) {
    int elements = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      parser.skipChildren();
      elements++;
    }
    return elements;
  }

  private String here() {
    return name + " line " + lines.number();
  }
}
