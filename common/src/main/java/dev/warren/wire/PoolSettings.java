package dev.warren.wire;

import dev.warren.task.Bounds;
import dev.warren.task.Payload;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What of a pool decides which child may run its calls. It travels with the tasks; a supervisor
 * binds a child to the settings it was started for. Immutable; equal settings have equal keys.
 *
 * @param initializer run once in each child before its first call; null for none
 * @param initArgs its arguments, captured ones first, as a JSON array
 * @param maxTasksPerChild calls after which a child is recycled; 0 for the worker's own setting
 */
public record PoolSettings(
    @Nullable FunctionRef initializer, Payload initArgs, int maxTasksPerChild) {
  /** No initializer, no recycling by count: carried by a message that says nothing. */
  public static final PoolSettings DEFAULTS = new PoolSettings(null, Payload.of("[]"), 0);

  /** Key of {@link #DEFAULTS}. */
  public static final String DEFAULT_KEY = "default";

  public PoolSettings {
    Bounds.atLeast("maxTasksPerChild", maxTasksPerChild, 0);
  }

  public boolean isDefault() {
    return equals(DEFAULTS);
  }

  /** 16 hex digits of a digest over the settings, or {@link #DEFAULT_KEY}. */
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

  /** The settings as one JSON line. */
  public Payload toJson() {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (initializer != null) {
      fields.put("initializer", initializer.toString());
      if (initializer.digest() != null) {
        fields.put("initializerDigest", initializer.digest());
      }
      fields.put("initArgs", Json.read(initArgs, JsonNode.class));
    }
    fields.put("maxTasksPerChild", maxTasksPerChild);
    return Json.write(fields);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @throws WireFormatException where it is not that
   */
  public static PoolSettings ofJson(Payload json) {
    try {
      JsonNode node = Json.read(json, JsonNode.class);
      JsonNode function = node.path("initializer");
      FunctionRef initializer =
          function.isString()
              ? FunctionRef.parse(
                  function.stringValue(), node.path("initializerDigest").stringValue(null))
              : null;
      JsonNode args = node.path("initArgs");
      return new PoolSettings(
          initializer,
          args.isArray()
              ? Payload.of(args.toString().getBytes(StandardCharsets.UTF_8))
              : DEFAULTS.initArgs,
          node.path("maxTasksPerChild").intValue(0));
    } catch (RuntimeException e) {
      throw new WireFormatException("pool settings: " + e.getMessage(), e);
    }
  }
}
