package dev.warren.json.shape;

import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.util.JsonParserDelegate;

/**
 * A parser that refuses numbers that a double or float would change: numbers out of range, and
 * whole numbers that it cannot represent. Decimal fractions are rounded to the nearest value, as
 * usual. Not thread-safe.
 */
public final class ExactNumbers extends JsonParserDelegate {
  /**
   * Whole numbers with at most this many digits are exact as doubles, and nearly exact as floats.
   */
  private static final int SAFE_DIGITS = 7;

  public ExactNumbers(JsonParser parser) {
    super(parser);
  }

  /**
   * Whether the text may need this parser: whether it has a number with an exponent or many digits.
   */
  public static boolean needed(byte[] bytes, int offset, int length) {
    int digits = 0;
    for (int i = offset; i < offset + length; i++) {
      byte b = bytes[i];
      if (b >= '0' && b <= '9') {
        if (++digits > SAFE_DIGITS) {
          return true;
        }
      } else if (digits > 0 && (b == 'e' || b == 'E')) {
        return true;
      } else {
        digits = 0;
      }
    }
    return false;
  }

  @Override
  public double getDoubleValue() {
    double value = super.getDoubleValue();
    check(value, value, "double");
    return value;
  }

  @Override
  public float getFloatValue() {
    float value = super.getFloatValue();
    check(value, value, "float");
    return value;
  }

  @Override
  public Number getNumberValue() {
    return checked(super.getNumberValue());
  }

  @Override
  public Number getNumberValueExact() {
    return checked(super.getNumberValueExact());
  }

  private Number checked(Number value) {
    if (value instanceof Double number) {
      check(number, number, "double");
    }
    return value;
  }

  private void check(double value, double exact, String type) {
    JsonToken token = currentToken();
    if (token == null || !token.isNumeric()) {
      return;
    }
    boolean changed =
        Double.isInfinite(value)
            || (token == JsonToken.VALUE_NUMBER_INT && !isWhole(exact))
            || (value == 0 && token == JsonToken.VALUE_NUMBER_FLOAT && hasDigit(getString()));
    if (changed) {
      throw new InputCoercionException(
          this,
          "Number " + getString() + " does not fit a " + type + ", which would change it",
          token,
          null);
    }
  }

  private boolean isWhole(double value) {
    BigInteger given = getBigIntegerValue();
    return new BigDecimal(value).toBigInteger().equals(given);
  }

  /** Whether the text of a number has a non-zero digit. */
  private static boolean hasDigit(String number) {
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if (c >= '1' && c <= '9') {
        return true;
      }
      if (c == 'e' || c == 'E') {
        return false;
      }
    }
    return false;
  }
}
