package dev.warren.worker.child.call;

import dev.warren.json.Json;
import dev.warren.json.Reasons;
import dev.warren.task.Payload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads calls' arguments from JSON arrays. Stateless. */
public final class Arguments {
  /** Maximum characters of a call's JSON in a message. */
  private static final int SHOWN = 100;

  private Arguments() {}

  /**
   * Reads the arguments of one call, converted to the function's generic parameter types.
   *
   * @param captured array of the captured arguments, which come first; null for none
   * @param strictly whether to refuse what does not fit exactly
   * @throws Rejection naming the argument that cannot be converted
   */
  public static @Nullable Object[] read(
      TargetMethod callee, @Nullable Payload captured, Payload line, boolean strictly) {
    @Nullable Object[] plain = captured == null ? callee.json().readPlain(line) : null;
    return plain == null ? readAny(callee, captured, line, strictly) : plain;
  }

  /** Reads arguments of all types and forms. */
  static @Nullable Object[] readAny(
      TargetMethod callee, @Nullable Payload captured, Payload line, boolean strictly) {
    @Nullable Object[] args = new Object[callee.arity()];
    int position = captured == null ? 0 : read(callee, captured, args, 0, strictly);
    position = read(callee, line, args, position, strictly);
    if (position != args.length) {
      throw wrongCount(callee, position);
    }
    return args;
  }

  /** Whether the arguments can be converted without changing the kind of a JSON value. */
  static boolean fit(
      TargetMethod callee, @Nullable Payload captured, Payload line, boolean strictly) {
    try {
      int position = captured == null ? 0 : checkKinds(callee, captured, 0);
      checkKinds(callee, line, position);
      read(callee, captured, line, strictly);
      return true;
    } catch (Rejection e) {
      return false;
    }
  }

  /** Number of elements of an array; 0 for null. */
  static int count(@Nullable Payload array) {
    if (array == null) {
      return 0;
    }
    try (JsonParser parser = open(array)) {
      int count = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        parser.skipChildren();
        count++;
      }
      return count;
    } catch (JacksonException e) {
      throw notJson(array, e);
    }
  }

  private static int read(
      TargetMethod callee, Payload array, @Nullable Object[] args, int first, boolean strictly) {
    int position = first;
    try (JsonParser parser = open(callee.values().parser(array, strictly), array)) {
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        if (position == args.length) {
          throw wrongCount(callee, first + count(array));
        }
        args[position] = value(callee, position, array, parser, strictly);
        position++;
      }
      if (parser.nextToken() != null) {
        throw new Rejection("more than one array of arguments: " + cut(array));
      }
      return position;
    } catch (JacksonException e) {
      throw notJson(array, e);
    }
  }

  private static @Nullable Object value(
      TargetMethod callee, int position, Payload array, JsonParser parser, boolean strictly) {
    if (parser.currentToken() == JsonToken.VALUE_NULL && callee.types()[position].isPrimitive()) {
      throw new Rejection(where(callee, position) + " does not convert: null for a primitive type");
    }
    long start = parser.currentTokenLocation().getByteOffset();
    try {
      return callee.reader(position, strictly).read(parser);
    } catch (JacksonException e) {
      String path = Reasons.path(e);
      throw new Rejection(
          where(callee, position)
              + " does not convert: "
              + cut(valueAt(array, start))
              + (path.isEmpty() ? "" : " at " + path)
              + ": "
              + firstLine(Reasons.of(e)),
          e);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw new Rejection(
          where(callee, position) + " does not convert: " + firstLine(Reasons.of(e)), e);
    }
  }

  private static int checkKinds(TargetMethod callee, Payload array, int first) {
    int position = first;
    try (JsonParser parser = open(array)) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (!sameKind(callee.types()[position++], parser)) {
          throw new Rejection("another kind");
        }
        parser.skipChildren();
      }
    }
    return position;
  }

  private static boolean sameKind(Class<?> type, JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (type == boolean.class || type == Boolean.class) {
      return token.isBoolean() || (token == JsonToken.VALUE_NULL && !type.isPrimitive());
    }
    if (type.isPrimitive() && type != char.class) {
      return token.isNumeric();
    }
    if (Number.class.isAssignableFrom(type)) {
      return token.isNumeric() || token == JsonToken.VALUE_NULL;
    }
    if (CharSequence.class.isAssignableFrom(type) || type == char.class) {
      return token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL;
    }
    return true;
  }

  private static JsonParser open(Payload array) {
    return open(Json.parser(array), array);
  }

  private static JsonParser open(JsonParser parser, Payload array) {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw new Rejection("arguments are not a JSON array: " + cut(array));
    }
    return parser;
  }

  private static Rejection notJson(Payload array, JacksonException e) {
    return new Rejection(
        "arguments are not JSON: " + cut(array) + ": " + firstLine(e.getOriginalMessage()));
  }

  private static Rejection wrongCount(TargetMethod callee, int given) {
    return new Rejection(
        callee.name()
            + " takes "
            + counted(callee.arity())
            + ", as "
            + callee.signature()
            + "; it was given "
            + given);
  }

  private static String where(TargetMethod callee, int position) {
    return "argument "
        + (position + 1)
        + " of "
        + callee.name()
        + " ("
        + callee.typeName(position)
        + ")";
  }

  static String counted(int count) {
    return count == 0 ? "no argument" : count == 1 ? "1 argument" : count + " arguments";
  }

  /** Returns the JSON value that starts at {@code start}. */
  private static Payload valueAt(Payload array, long start) {
    int from = (int) start;
    if ("{[\"".indexOf(array.at(from)) < 0) {
      int end = from;
      while (end < array.length() && ",]}: \t\r\n".indexOf(array.at(end)) < 0) {
        end++;
      }
      return array.slice(from, end);
    }
    try (JsonParser parser = Json.parser(array.slice(from, array.length()))) {
      parser.nextToken();
      parser.skipChildren();
      parser.finishToken();
      return array.slice(from, from + (int) parser.currentLocation().getByteOffset());
    } catch (JacksonException e) {
      return array.slice(from, array.length());
    }
  }

  static String cut(Payload json) {
    // a character has at most 4 bytes, so there is no need to decode all of a large argument
    int bytes = Math.min(json.length(), 4 * SHOWN);
    String text =
        new String(json.array(), json.offset(), bytes, StandardCharsets.UTF_8).replace('\n', ' ');
    return text.length() <= SHOWN && bytes == json.length()
        ? text
        : text.substring(0, Math.min(SHOWN, text.length())) + "… (" + json.length() + " bytes)";
  }

  private static String firstLine(@Nullable String message) {
    if (message == null) {
      return "no reason given";
    }
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
