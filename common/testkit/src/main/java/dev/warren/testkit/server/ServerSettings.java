package dev.warren.testkit.server;

import java.util.ArrayList;
import java.util.List;

/**
 * Settings of a private server. Immutable.
 *
 * @param installation where its programs are
 * @param config lines for its {@code rabbitmq.conf}, added to those of every private server
 * @param plugins its enabled plugins, with or without the prefix {@code rabbitmq_}
 */
public record ServerSettings(
    ServerInstallation installation, List<String> config, List<String> plugins) {
  public ServerSettings {
    config = List.copyOf(config);
    plugins = List.copyOf(plugins);
  }

  /** Settings without further lines or plugins. */
  public static ServerSettings of(ServerInstallation installation) {
    return new ServerSettings(installation, List.of(), List.of());
  }

  /** Adds a line to {@code rabbitmq.conf}, such as {@code a.b = c}. */
  public ServerSettings with(String line) {
    List<String> more = new ArrayList<>(config);
    more.add(line);
    return new ServerSettings(installation, more, plugins);
  }

  /** Adds a plugin. */
  public ServerSettings withPlugin(String plugin) {
    List<String> more = new ArrayList<>(plugins);
    more.add(plugin.startsWith("rabbitmq_") ? plugin : "rabbitmq_" + plugin);
    return new ServerSettings(installation, config, more);
  }

  /** The content of {@code enabled_plugins}. */
  String enabledPlugins() {
    return "[" + String.join(",", plugins) + "].";
  }
}
