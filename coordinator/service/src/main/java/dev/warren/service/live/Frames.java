package dev.warren.service.live;

import dev.warren.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the successive states of a view as events. The frames for a viewer that has followed are
 * small, those for one that has not hold everything. Not thread-safe.
 */
final class Frames {
  private Map<String, String> known = Map.of();
  private long sequence;
  private long knownAtMillis;
  private byte @Nullable [] state;

  /**
   * Takes the next state; returns the event with what has changed, null if nothing has.
   *
   * @param atMillis when it was taken
   */
  byte @Nullable [] next(Sections sections, long atMillis) {
    Map<String, String> now = sections.encoded();
    List<String> set = new ArrayList<>();
    now.forEach(
        (key, value) -> {
          if (!value.equals(known.get(key))) {
            set.add(member(key, value));
          }
        });
    List<String> gone = known.keySet().stream().filter(key -> !now.containsKey(key)).toList();
    if (set.isEmpty() && gone.isEmpty()) {
      return null;
    }
    known = now;
    knownAtMillis = atMillis;
    state = null;
    sequence++;
    return event("delta", head(atMillis) + members(set) + deleted(gone) + "}");
  }

  /** The event with the whole state. */
  byte[] state() {
    byte[] encoded = state;
    if (encoded == null) {
      List<String> all =
          known.entrySet().stream().map(entry -> member(entry.getKey(), entry.getValue())).toList();
      encoded = event("state", head(knownAtMillis) + members(all) + "}");
      state = encoded;
    }
    return encoded;
  }

  /** An event that says only that nothing has changed. */
  byte[] tick(long atMillis) {
    return event("tick", head(atMillis) + "}");
  }

  private String head(long atMillis) {
    return "{\"seq\":" + sequence + ",\"at\":" + atMillis;
  }

  private static String member(String key, String value) {
    return Json.write(key).text() + ":" + value;
  }

  private static String members(Collection<String> members) {
    return ",\"set\":{" + String.join(",", members) + "}";
  }

  private static String deleted(List<String> keys) {
    return keys.isEmpty()
        ? ""
        : keys.stream()
            .map(key -> Json.write(key).text())
            .collect(Collectors.joining(",", ",\"del\":[", "]"));
  }

  /** JSON of one line as an event. */
  static byte[] event(String name, String json) {
    return ("event: " + name + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
