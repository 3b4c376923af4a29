package dev.warren.jobs.spec;

import dev.warren.json.Json;
import dev.warren.task.Payload;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Checks that lines of input are what a job's function takes. Immutable. */
public final class LineCheck {
  private final LineMode mode;
  private final int arity;

  /**
   * Creates a check.
   *
   * @param arity number of arguments of each call, at least 1
   */
  public LineCheck(LineMode mode, int arity) {
    this.mode = mode;
    this.arity = arity;
  }

  /**
   * Checks a line.
   *
   * @throws LineException saying what is wrong, to follow the name of the line
   */
  public void check(Payload line) throws LineException {
    if (mode == LineMode.TEXT) {
      checkText(line);
    } else {
      checkJson(line);
    }
  }

  private static void checkText(Payload line) throws LineException {
    try {
      var unused = StandardCharsets.UTF_8.newDecoder().decode(line.toBuffer());
    } catch (CharacterCodingException e) {
      throw new LineException("is not UTF-8", e);
    }
  }

  private void checkJson(Payload line) throws LineException {
    if (line.indexOf((byte) 0, 0) >= 0) {
      throw new LineException("has a zero byte; the input must be JSON in UTF-8", null);
    }
    try (JsonParser parser = Json.parser(line)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new LineException("is empty; write one JSON value per line", null);
      }
      int elements = first == JsonToken.START_ARRAY && arity > 1 ? count(parser) : -1;
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new LineException("has more than one JSON value", null);
      }
      if (arity > 1 && elements != arity) {
        throw new LineException(
            "must be an array of "
                + arity
                + " arguments, but "
                + (elements < 0 ? "is not an array" : "has " + elements),
            null);
      }
    } catch (JacksonException e) {
      throw new LineException(
          "is not JSON: "
              + e.getOriginalMessage().lines().findFirst().orElse("")
              + (e.getLocation() == null ? "" : ", at column " + e.getLocation().getColumnNr()),
          e);
    }
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
}
