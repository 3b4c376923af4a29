package dev.warren.cli;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warren completion}: prints the script that lets a shell complete commands and options. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {"Prints a script that lets bash or zsh complete commands and options.", ""},
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(warren completion bash)      # in ~/.bashrc",
      "  source <(warren completion zsh)       # in ~/.zshrc",
      "  warren completion bash > /etc/bash_completion.d/warren",
      "",
      "Exit codes: 0 done, 2 wrong options."
    })
final class CompletionCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh")
  private String shell = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw CommandFailure.usage("the shell is '" + shell + "'; must be bash or zsh");
    }
    CommandLine program = spec.root().commandLine();
    streams
        .out()
        .print(shell.equals("bash") ? AutoComplete.bash("warren", program) + "\n" : zsh(program));
    streams.out().flush();
    return ExitCode.DONE;
  }

  /** A function in zsh's own form; zsh's emulation of bash's completion would be slower. */
  private static String zsh(CommandLine program) {
    StringBuilder script = new StringBuilder("#compdef warren\n\n_warren() {\n");
    script.append("  local command=${words[2]}\n");
    script.append("  if (( CURRENT == 2 )); then\n").append(offer(names(program)));
    script.append("    return\n  fi\n  case $command in\n");
    program
        .getSubcommands()
        .forEach(
            (name, command) -> {
              script.append("  ").append(name).append(")\n");
              if (!command.getSubcommands().isEmpty()) {
                nested(script, command);
              } else {
                script.append(optionsOrFiles(command));
              }
              script.append("    ;;\n");
            });
    script.append("  esac\n}\n\n");
    script.append("if [[ $funcstack[1] == _warren ]]; then\n  _warren \"$@\"\nelse\n");
    script.append("  (( $+functions[compdef] )) || { autoload -U compinit && compinit }\n");
    return script.append("  compdef _warren warren\nfi\n").toString();
  }

  private static void nested(StringBuilder script, CommandLine command) {
    script.append("    if (( CURRENT == 3 )); then\n").append(offer(names(command)));
    script.append("      return\n    fi\n    case ${words[3]} in\n");
    command
        .getSubcommands()
        .forEach(
            (name, sub) ->
                script
                    .append("    ")
                    .append(name)
                    .append(")\n")
                    .append(optionsOrFiles(sub))
                    .append("    ;;\n"));
    script.append("    esac\n");
  }

  private static String optionsOrFiles(CommandLine command) {
    Set<String> options = command.getCommandSpec().optionsMap().keySet();
    return "    if [[ $PREFIX == -* ]]; then\n"
        + offer(options)
        + "    else\n      _files\n    fi\n";
  }

  private static String offer(Collection<String> words) {
    return "      compadd -- " + String.join(" ", new TreeSet<>(words)) + "\n";
  }

  private static Set<String> names(CommandLine command) {
    return command.getSubcommands().keySet();
  }
}
