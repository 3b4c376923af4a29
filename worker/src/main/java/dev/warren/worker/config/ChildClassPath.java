package dev.warren.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.warren.json.Json;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * The few of Warren's jars that a child JVM needs; the others are kept off its class path.
 * Stateless.
 */
public final class ChildClassPath {
  private static final List<Class<?>> NEEDED =
      List.of(
          ChildClassPath.class, Json.class, JsonMapper.class, JsonParser.class, JsonProperty.class);

  private ChildClassPath() {}

  public static List<Path> ownJars() {
    Set<Path> jars = new LinkedHashSet<>();
    for (Class<?> type : NEEDED) {
      CodeSource source = type.getProtectionDomain().getCodeSource();
      try {
        jars.add(Path.of(source.getLocation().toURI()));
      } catch (URISyntaxException e) {
        throw new IllegalStateException("cannot find the jar of " + type.getName(), e);
      }
    }
    return new ArrayList<>(jars);
  }
}
