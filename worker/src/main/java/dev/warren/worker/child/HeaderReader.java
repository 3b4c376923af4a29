package dev.warren.worker.child;

import dev.warren.task.Payload;
import dev.warren.wire.Json;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.Setup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/**
 * Reads the headers of frames token by token: loading databind for them would double the time a
 * child takes to start, and cost more than a short call for every frame. Stateless.
 */
final class HeaderReader {
  private static final JsonFactory JSON = new JsonFactory();

  private HeaderReader() {}

  /**
   * Reads a SETUP frame.
   *
   * @throws LinkException where its header is not one
   */
  static Setup setup(Frame frame) {
    int version = 0;
    String child = "";
    String host = "";
    String initializer = null;
    String digest = null;
    JsonNode initArgs = null;
    List<String> appPath = null;
    List<String> allow = List.of();
    int maxResultBytes = Integer.MAX_VALUE;
    try (JsonParser json = open(frame)) {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "version" -> version = json.getIntValue();
          case "child" -> child = json.getString();
          case "host" -> host = json.getString();
          case "initializer" -> initializer = text(json);
          case "initializerDigest" -> digest = text(json);
          case "initArgs" -> {
            if (value != JsonToken.VALUE_NULL) {
              initArgs = tree(frame, json);
            }
          }
          case "appPath" -> appPath = value == JsonToken.VALUE_NULL ? null : texts(json);
          case "allow" -> allow = texts(json);
          case "maxResultBytes" -> maxResultBytes = json.getIntValue();
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw broken(frame, e);
    }
    return new Setup(
        version, child, host, initializer, digest, initArgs, appPath, allow, maxResultBytes);
  }

  /**
   * Reads the header of a CALLS frame.
   *
   * @throws LinkException where it is not one
   */
  static CallsHeader calls(Frame frame) {
    long task = 0;
    int from = 0;
    int count = 0;
    String fn = "";
    String digest = null;
    boolean captured = false;
    String job = "";
    String calls = "";
    int attempt = 1;
    long softMs = 0;
    long hardMs = 0;
    boolean flushEach = false;
    String retryOn = null;
    try (JsonParser json = open(frame)) {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "task" -> task = json.getLongValue();
          case "from" -> from = json.getIntValue();
          case "count" -> count = json.getIntValue();
          case "fn" -> fn = json.getString();
          case "digest" -> digest = text(json);
          case "captured" -> captured = json.getBooleanValue();
          case "job" -> job = json.getString();
          case "calls" -> calls = json.getString();
          case "attempt" -> attempt = json.getIntValue();
          case "softMs" -> softMs = json.getLongValue();
          case "hardMs" -> hardMs = json.getLongValue();
          case "flushEach" -> flushEach = json.getBooleanValue();
          case "retryOn" -> retryOn = text(json);
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw broken(frame, e);
    }
    return new CallsHeader(
        task, from, count, fn, digest, captured, job, calls, attempt, softMs, hardMs, flushEach,
        retryOn);
  }

  /**
   * Reads an INTERRUPT frame.
   *
   * @throws LinkException where its header is not one
   */
  static CallMark mark(Frame frame) {
    long task = 0;
    int index = 0;
    try (JsonParser json = open(frame)) {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "task" -> task = json.getLongValue();
          case "index" -> index = json.getIntValue();
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw broken(frame, e);
    }
    return new CallMark(task, index, 0);
  }

  private static JsonParser open(Frame frame) {
    Payload payload = frame.payload();
    int end = payload.indexOf((byte) '\n', 0);
    JsonParser json =
        JSON.createParser(
            ObjectReadContext.empty(),
            payload.array(),
            payload.offset(),
            end < 0 ? payload.length() : end);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new LinkException("the header of a " + frame.type() + " frame is no JSON object");
    }
    return json;
  }

  private static LinkException broken(Frame frame, JacksonException e) {
    return new LinkException("bad header in a " + frame.type() + " frame: " + e.getMessage(), e);
  }

  private static @Nullable String text(JsonParser json) {
    return json.currentToken() == JsonToken.VALUE_NULL ? null : json.getString();
  }

  private static List<String> texts(JsonParser json) {
    List<String> texts = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      texts.add(json.getString());
    }
    return texts;
  }

  /** The value the parser stands at; the one place that needs databind. */
  private static JsonNode tree(Frame frame, JsonParser json) {
    int from = (int) json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    int to = (int) json.currentLocation().getByteOffset();
    return Json.read(frame.payload().slice(from, to), JsonNode.class);
  }
}
