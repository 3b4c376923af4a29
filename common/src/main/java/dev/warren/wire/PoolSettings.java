package dev.warren.wire;

import dev.warren.json.Json;
import dev.warren.json.LineBuffer;
import dev.warren.task.Bounds;
import dev.warren.task.Payload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * The settings of a pool that determine which child may run its calls. They travel with the tasks;
 * a supervisor binds each child to the settings it was started for. Immutable; equal settings have
 * equal keys.
 *
 * @param initializer run once in each child before its first call; null for none
 * @param initArgs its arguments, captured ones first, as a JSON array
 * @param json class that supplies the mapper of arguments and results; null for Warren's own
 * @param maxTasksPerChild number of calls after which a child is recycled; 0 for the worker's
 *     setting
 */
public record PoolSettings(
    @Nullable FunctionRef initializer,
    Payload initArgs,
    @Nullable String json,
    int maxTasksPerChild) {
  /** No initializer, no recycling by count: the settings of a message that carries none. */
  public static final PoolSettings DEFAULTS = new PoolSettings(null, Payload.of("[]"), null, 0);

  /** Key of {@link #DEFAULTS}. */
  public static final String DEFAULT_KEY = "default";

  public PoolSettings {
    Bounds.atLeast("maxTasksPerChild", maxTasksPerChild, 0);
  }

  /** Settings with Warren's own mapper. */
  public PoolSettings(@Nullable FunctionRef initializer, Payload initArgs, int maxTasksPerChild) {
    this(initializer, initArgs, null, maxTasksPerChild);
  }

  public boolean isDefault() {
    return equals(DEFAULTS);
  }

  /** 16 hex digits of a digest of the settings, or {@link #DEFAULT_KEY}. */
  public String key() {
    if (isDefault()) {
      return DEFAULT_KEY;
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(toJson().toBytes());
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The settings as one line of JSON. */
  public Payload toJson() {
    LineBuffer line = new LineBuffer(64 + initArgs.length(), Integer.MAX_VALUE);
    line.writeAscii("{");
    if (initializer != null) {
      line.writeAscii("\"initializer\":");
      line.write(Json.write(initializer.toString()));
      if (initializer.digest() != null) {
        line.writeAscii(",\"initializerDigest\":");
        line.write(Json.write(initializer.digest()));
      }
      // copied unparsed: parsing numbers and writing them again would change some
      line.writeAscii(",\"initArgs\":");
      line.write(initArgs);
      line.writeAscii(",");
    }
    if (json != null) {
      line.writeAscii("\"json\":");
      line.write(Json.write(json));
      line.writeAscii(",");
    }
    line.writeAscii("\"maxTasksPerChild\":");
    line.writeNumber(maxTasksPerChild);
    line.writeAscii("}");
    return line.toPayload();
  }

  /**
   * Reads the output of {@link #toJson()}.
   *
   * @throws WireFormatException if the line is something else
   */
  public static PoolSettings ofJson(Payload line) {
    try {
      JsonNode node = Json.read(line, JsonNode.class);
      JsonNode function = node.path("initializer");
      FunctionRef initializer =
          function.isString()
              ? FunctionRef.parse(
                  function.stringValue(), node.path("initializerDigest").stringValue(null))
              : null;
      return new PoolSettings(
          initializer,
          initializer == null ? DEFAULTS.initArgs : initArgs(line),
          node.path("json").stringValue(null),
          node.path("maxTasksPerChild").intValue(0));
    } catch (RuntimeException e) {
      throw new WireFormatException("pool settings: " + e.getMessage(), e);
    }
  }

  /** Copies the bytes of the initializer's argument array. */
  private static Payload initArgs(Payload line) {
    try (JsonParser parser = Json.parser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = parser.currentName().equals("initArgs");
        JsonToken token = parser.nextToken();
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (wanted && token == JsonToken.START_ARRAY) {
          return line.slice(from, (int) parser.currentLocation().getByteOffset());
        }
      }
      return DEFAULTS.initArgs;
    }
  }
}
