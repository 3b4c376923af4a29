package com.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The programs in other languages print what their calls return. */
@Timeout(300)
class LanguagesIT {
  private static List<String> printed(String main, Object... arguments)
      throws ReflectiveOperationException {
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      Class<?>[] types = arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {String[].class};
      Class.forName(main).getMethod("main", types).invoke(null, arguments);
    } finally {
      System.setOut(before);
    }
    return output.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void kotlins_data_classes_pairs_sealed_types_and_unsigned_numbers_are_carried()
      throws ReflectiveOperationException {
    assertThat(printed("com.acme.kotlin.OrdersKt"))
        .contains(
            "[Order(name=tea, cents=50, note=null), Order(name=rum, cents=250, note=dark)]",
            "[(a, 1)]",
            "[3.0, 4.0]",
            "[Big(n=4294967295)]",
            "[[4294967295]]",
            "[6, 7]");
  }

  @Test
  void scalas_case_classes_lists_and_options_are_carried() throws ReflectiveOperationException {
    assertThat(printed("com.acme.scala.Shop", (Object) new String[0]))
        .contains("[Item(tea,50,List(a, b),Some(sale))]", "[6, 7]");
  }
}
