package dev.warren.bench.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Describes the machine that the figures come from. */
public final class Machine {
  private Machine() {}

  public static Map<String, String> describe(Site site) throws InterruptedException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    all.put("processor", field("/proc/cpuinfo", "model name"));
    all.put("memory", field("/proc/meminfo", "MemTotal"));
    all.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("load before", firstLine("/proc/loadavg"));
    all.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
    all.put("python", output(Site.python(), "--version"));
    all.put("celery", output(Site.python(), "-m", "celery", "--version"));
    String rabbit = site.brokerVersion();
    if (rabbit != null) {
      all.put("rabbitmq", rabbit);
    }
    all.put("commit", output("git", "-C", site.home().toString(), "rev-parse", "--short", "HEAD"));
    return all;
  }

  private static String field(String file, String name) {
    try {
      for (String line : Files.readAllLines(Path.of(file))) {
        if (line.startsWith(name)) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      return "unknown";
    }
    return "unknown";
  }

  private static String firstLine(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String output(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.outputWriter().close();
      List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
      boolean ended = process.waitFor(10, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 && !lines.isEmpty() ? lines.get(0) : "none";
    } catch (IOException e) {
      return "none";
    }
  }
}
