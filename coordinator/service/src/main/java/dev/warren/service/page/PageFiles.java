package dev.warren.service.page;

import dev.warren.service.http.Route;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Serves the files of the page. They are read when this object is created and found by exact name,
 * so that no path of a request can reach any other file. Everyone may read them: they are the same
 * for all, and what they show comes from the API. Immutable.
 */
public final class PageFiles {
  /** Where the files other than the page itself are. */
  private static final String ASSETS = "/assets/";

  /** Resources of this package. */
  static final List<String> OWN =
      List.of(
          "actions.js",
          "api.js",
          "app.css",
          "app.js",
          "audit.js",
          "call.js",
          "calls.js",
          "cause.js",
          "causes.js",
          "dead.js",
          "doctor.js",
          "dom.js",
          "format.js",
          "header.js",
          "icon.svg",
          "job.js",
          "jobs.js",
          "live.js",
          "map.js",
          "now.js",
          "palette.js",
          "parts.js",
          "progress.js",
          "rate.js",
          "route.js",
          "signin.js",
          "slotpaint.js",
          "slotpanel.js",
          "slots.js",
          "summary.js");

  /** Resources of libraries, by the name under which the page asks for them. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "standalone.module.js",
          "META-INF/resources/_static/htm/3.1.1/preact/standalone.module.js",
          "uPlot.iife.min.js",
          "META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.iife.min.js",
          "uPlot.min.css",
          "META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.min.css");

  private final Map<String, PageFile> files = new LinkedHashMap<>();

  private PageFiles() {
    files.put("/", own("index.html"));
    OWN.forEach(name -> files.put(ASSETS + name, own(name)));
    LIBRARIES.forEach((name, resource) -> files.put(ASSETS + name, read(name, resource)));
  }

  /** Reads all files. */
  public static PageFiles load() {
    return new PageFiles();
  }

  /** The files by the path at which they are served. */
  Map<String, PageFile> files() {
    return Map.copyOf(files);
  }

  /** One route per file and method; their paths start at the root of the server. */
  public List<Route> routes() {
    return files.entrySet().stream()
        .flatMap(
            file ->
                Stream.of(HandlerType.GET, HandlerType.HEAD)
                    .map(
                        method ->
                            new Route(
                                method,
                                file.getKey(),
                                Route.Access.OPEN,
                                true,
                                file.getValue()::send)))
        .toList();
  }

  private static PageFile own(String name) {
    return read(name, PageFiles.class.getPackageName().replace('.', '/') + "/" + name);
  }

  private static PageFile read(String name, String resource) {
    ClassLoader loader = Objects.requireNonNull(PageFiles.class.getClassLoader());
    try (InputStream file =
        Objects.requireNonNull(loader.getResourceAsStream(resource), resource)) {
      return PageFile.of(name, file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
