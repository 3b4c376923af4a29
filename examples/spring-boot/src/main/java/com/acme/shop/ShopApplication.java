package com.acme.shop;

import dev.warren.pool.Pool;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Halves the prices of 100 items in the pool, and ends. */
@SpringBootApplication
public class ShopApplication {
  public static void main(String[] args) {
    SpringApplication.run(ShopApplication.class, args).close();
  }

  @Bean
  CommandLineRunner sale(Pool pool) {
    return args -> {
      List<Item> items =
          IntStream.range(0, 100).mapToObj(i -> new Item("item" + i, 2 * i)).toList();
      List<Item> reduced = pool.map(Prices::reduced, items);
      List<Integer> cents = pool.map(item -> item.cents() + 1, reduced);
      System.out.println(
          "SALE "
              + reduced.get(99).name()
              + " "
              + cents.stream().mapToInt(Integer::intValue).sum());
    };
  }
}
