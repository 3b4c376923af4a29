package dev.warren.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.WarrenInside;
import dev.warren.cli.WarrenMain;
import dev.warren.cli.WarrenProcess;
import dev.warren.cli.kit.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command without a process of its own: every wrong option or input is one line. */
class MapErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--app /nowhere/a.jar --fn a.B::c|2|--app /nowhere/a.jar: no such file",
        "--fn com.acme.Stats::score|2|unknown class com.acme.Stats",
        "--fn java.lang.Math::score|2|unknown method java.lang.Math::score",
        "--fn java.lang.Math::abs|2|java.lang.Math::abs is ambiguous: there is",
        "--fn java.lang.Integer::bitCount --input /nowhere/in|2|cannot read /nowhere/in: no such",
        "--fn java.lang.Integer::bitCount --input /proc|2|--input /proc is a folder",
        "--fn java.lang.Integer::bitCount --input /proc/self/mem|2|cannot read /proc/self/mem",
        "--fn java.lang.Integer::bitCount --output /nowhere/out|2|cannot write /nowhere/out",
        "--fn java.lang.Integer::bitCount --max-attempts 0|2|--max-attempts is 0; must be 1 to 1000",
        "--fn java.lang.Integer::bitCount --time-limit 5|2|'5' is not a duration",
        "--fn java.lang.Integer::bitCount --pool a/b|2|pool name is 'a/b'",
        "--fn java.lang.Integer::bitCount --broker http://x|2|broker URI has the scheme 'http'",
        "--fn java.lang.Integer::bitCount --broker amqp://127.0.0.1:9 --broker-timeout 1s|3|127.0.0.1:9",
        "--fn java.lang.Integer::bitCount --broker amqp://no.such.host.invalid --broker-timeout 1s|3|no.such.host.inval",
        "--fn java.lang.Integer::bitCount --max-memory-per-child 5|2|'5' is not a size",
        "--fn java.lang.Integer::bitCount --broker amqp://h --max-memory-per-child 1g|2|workers start the children",
        "--fn java.lang.Integer::bitCount --broker amqp://h --hard-max-memory-per-child 1g|2|start them with",
        "--fn java.lang.Thread::currentThread|2|takes no argument",
        "--fn java.lang.Integer::bitCount --time-limit 8d|2|--time-limit is 8d; must be 1ms to 7d",
        "--fn java.lang.Integer::bitCount --time-limit 30s --soft-time-limit 1m|2|--soft-time-limit is 1m; must be shorter than --time-limit, which is 30s",
        "--fn java.lang.Integer::bitCount --backoff 1m,1s|2|must be 1m to 1d",
        "--fn java.lang.Integer::bitCount --retry-on a/b|2|--retry-on has 'a/b'",
        "--fn java.lang.Integer::bitCount --child-lost -1|2|--child-lost is -1; must be 0 to 1000",
        "--fn java.lang.Integer::bitCount --at-most-once --max-attempts 2|2|--max-attempts is 2; must be 1 if --at-most-once is set",
        "--fn java.lang.Integer::bitCount --delay 1m --expires 30s|2|--expires is 30s; must be longer than --delay, which is 1m",
        "--fn java.lang.Integer::bitCount --initializer x|2|name is 'x'; must have the form",
        "--fn java.lang.Integer::bitCount --initializer a::b --initializer-args 1|2|--initializer-args is '1'",
        "--fn java.lang.Integer::bitCount --store s|2|--store, --append, --restart and --keep need --job",
        "--fn java.lang.Integer::bitCount --append|2|--store, --append, --restart and --keep need --job",
        "--fn java.lang.Integer::bitCount --resume|2|--resume needs --joblog FILE",
        "--fn java.lang.Integer::bitCount --joblog /nowhere/log|2|cannot write /nowhere/log: no such file or folder",
        "--fn java.lang.Integer::bitCount --arity 2|2|--arity is 2, but java.lang.Integer::bitCount takes 1",
        "--fn java.lang.Integer::bitCuont|2|unknown method java.lang.Integer::bitCuont; did you mean bitCount?",
        "--fn java.lang.Integer::bitCount --broker amqp://h --child-option -Xmx1g|2|workers start the children",
        "--fn com.acme.Stats::score(int,String) --broker amqp://h|2|only the class knows its overloads",
        "--fn a.B::c --max-attemps 3|2|Unknown option: '--max-attemps'; did you mean --max-attempts?",
        "--fn a.B::c --unknown|2|Unknown option: '--unknown'; see",
        "--fn a.B::c @/nowhere/options|2|cannot read @/nowhere/options: no such file",
      })
  void bad_input_is_reported_in_one_line(String options, int exit, String message) {
    CommandLine program = Program.of(new WarrenMain(), Map.of());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    program.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    // standard input and output belong to the test runner
    String input = options.contains("--input") ? "" : " --input /dev/null";
    String output = options.contains("--output") ? "" : " --output /dev/null";
    assertThat(program.execute(("map --no-progress " + options + input + output).split(" ")))
        .isEqualTo(exit);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("warren: ").contains(message);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void a_store_in_the_environment_does_not_make_a_map_a_job() {
    WarrenProcess.Result result =
        WarrenInside.run(
            Map.of("WARREN_STORE", "/nowhere/store", "WARREN_KEEP", "1d"),
            "map --no-progress --fn a.B::c --input /dev/null --output /dev/null".split(" "));
    assertThat(result.err()).hasSize(1).first().asString().contains("unknown class a.B");
  }
}
