package dev.warren.cli;

import dev.warren.cli.kit.CodeOptions;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.json.Json;
import dev.warren.worker.functions.AppCode;
import dev.warren.worker.functions.CallableFunction;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren functions}: lists the functions that a worker would allow. */
@Command(
    name = "functions",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Lists the functions that a worker with these options would allow, one per line, in the"
          + " form of --fn.",
      "",
      "Never callable over a broker, whatever the patterns: Warren's own classes, main(String[]),"
          + " methods inherited from a class that is not callable, and synthetic methods. Private"
          + " methods and constructors are callable only if a pattern names them"
          + " (com.acme.Stats::hidden). Lambdas of callers with the same class file are callable, but",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren functions --app stats.jar",
      "  warren functions --app stats-all.jar \\",
      "      --functions 'com.acme.**,org.acme.Tools::convert'",
      "  warren functions --app stats.jar --json | jq -r .class | sort | uniq -c",
      "",
      "Each option is also read from the environment: --functions from WARREN_FUNCTIONS.",
      "Exit codes: 0 done, 2 wrong options, or an --app that a worker would refuse."
    })
final class FunctionsCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private CodeOptions options = new CodeOptions();

  @Option(names = "--json", description = "one JSON object per line")
  private boolean json;

  FunctionsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Logging.start("error");
    AppCode code = options.code();
    options.libraries(); // told if it does not exist, as by a worker
    PrintStream out = streams.out();
    for (CallableFunction function : code.functions()) {
      out.println(json ? json(function) : function.text());
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static String json(CallableFunction function) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("function", function.text());
    fields.put("class", function.className());
    fields.put("method", function.method());
    fields.put("descriptor", function.descriptor());
    return Json.write(fields).text();
  }
}
