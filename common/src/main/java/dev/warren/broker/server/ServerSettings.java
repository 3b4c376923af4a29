package dev.warren.broker.server;

import java.util.ArrayList;
import java.util.List;

/**
 * What a private server is started with. Immutable.
 *
 * @param installation where its programs are
 * @param config lines for its {@code rabbitmq.conf}, after those that every private server has
 * @param plugins its enabled plugins, with or without {@code rabbitmq_} in front
 */
public record ServerSettings(
    ServerInstallation installation, List<String> config, List<String> plugins) {
  public ServerSettings {
    config = List.copyOf(config);
    plugins = List.copyOf(plugins);
  }

  /** No further lines, no plugins. */
  public static ServerSettings of(ServerInstallation installation) {
    return new ServerSettings(installation, List.of(), List.of());
  }

  /** These settings with one more line of {@code rabbitmq.conf}, such as {@code a.b = c}. */
  public ServerSettings with(String line) {
    List<String> more = new ArrayList<>(config);
    more.add(line);
    return new ServerSettings(installation, more, plugins);
  }

  /** These settings with one more plugin. */
  public ServerSettings withPlugin(String plugin) {
    List<String> more = new ArrayList<>(plugins);
    more.add(plugin.startsWith("rabbitmq_") ? plugin : "rabbitmq_" + plugin);
    return new ServerSettings(installation, config, more);
  }

  /** What Erlang reads from {@code enabled_plugins}. */
  String enabledPlugins() {
    return "[" + String.join(",", plugins) + "].";
  }
}
