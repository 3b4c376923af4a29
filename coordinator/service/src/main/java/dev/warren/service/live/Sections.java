package dev.warren.service.live;

import dev.warren.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sections of a view, each encoded as JSON. Not thread-safe. */
public final class Sections {
  private final Map<String, String> encoded = new LinkedHashMap<>();

  /** Adds a section, in place of an earlier one with this key. */
  public void put(String key, Object value) {
    encoded.put(key, Json.write(value).text());
  }

  Map<String, String> encoded() {
    return encoded;
  }
}
