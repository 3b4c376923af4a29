package dev.warren.cli;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
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
    String bash = AutoComplete.bash("warren", spec.root().commandLine());
    // zsh runs the same functions through its emulation of bash's completion
    streams.out().print(shell.equals("bash") ? bash : "#compdef warren\n" + bash);
    streams.out().flush();
    return ExitCode.DONE;
  }
}
