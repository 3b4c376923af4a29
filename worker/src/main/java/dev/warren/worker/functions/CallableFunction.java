package dev.warren.worker.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A function that may be called, as declared. Immutable.
 *
 * @param className binary class name
 * @param method method name, {@code new} for a constructor
 * @param descriptor JVM method descriptor
 */
public record CallableFunction(String className, String method, String descriptor) {
  private static final Map<Character, String> PRIMITIVES =
      Map.of(
          'Z', "boolean", 'B', "byte", 'C', "char", 'S', "short", 'I', "int", 'J', "long", 'F',
          "float", 'D', "double", 'V', "void");

  /** The form used for {@code --fn}: {@code com.acme.Stats::score(int,String)}. */
  public String text() {
    return className + "::" + method + "(" + String.join(",", parameters()) + ")";
  }

  /** Simple names of the parameters' types. */
  private List<String> parameters() {
    List<String> names = new ArrayList<>();
    int at = 1;
    while (descriptor.charAt(at) != ')') {
      int end = at;
      while (descriptor.charAt(end) == '[') {
        end++;
      }
      int dimensions = end - at;
      end = descriptor.charAt(end) == 'L' ? descriptor.indexOf(';', end) : end;
      names.add(simple(descriptor.substring(at + dimensions, end + 1)) + "[]".repeat(dimensions));
      at = end + 1;
    }
    return names;
  }

  private static String simple(String type) {
    String primitive = PRIMITIVES.get(type.charAt(0));
    if (primitive != null) {
      return primitive;
    }
    String name = type.substring(1, type.length() - 1);
    int cut = Math.max(name.lastIndexOf('/'), name.lastIndexOf('$'));
    return name.substring(cut + 1);
  }
}
