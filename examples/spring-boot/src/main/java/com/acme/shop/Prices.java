package com.acme.shop;

import org.springframework.util.StringUtils;

/** Functions that run in child processes. */
public final class Prices {
  private Prices() {}

  /** Uses a class of a library, so that a child needs the application's whole class path. */
  public static Item reduced(Item item) {
    return new Item(StringUtils.capitalize(item.name()), item.cents() / 2);
  }
}
