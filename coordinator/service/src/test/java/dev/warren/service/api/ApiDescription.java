package dev.warren.service.api;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.warren.json.Json;
import java.io.InputStream;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The description of the API, which answers are checked against. */
public record ApiDescription(JsonNode root) {

  /** Reads it from the resources. */
  public static ApiDescription load() {
    InputStream file = ApiDescription.class.getResourceAsStream("/dev/warren/service/openapi.yaml");
    return new ApiDescription(new YAMLMapper().readTree(file));
  }

  /**
   * What is wrong with an answer; empty if nothing is.
   *
   * @param path as described, {@code /jobs/{name}}
   */
  public List<String> errors(String method, String path, int status, String type, String body) {
    JsonNode responses = root.path("paths").path(path).path(method).path("responses");
    JsonNode response = responses.path(Integer.toString(status));
    response = resolved(response.isMissingNode() ? responses.path("default") : response);
    JsonNode content = response.path("content");
    if (content.isMissingNode()) {
      return body.isEmpty() ? List.of() : List.of("a body that is not described: " + body);
    }
    JsonNode schema = content.path(type).path("schema");
    if (schema.isMissingNode()) {
      return List.of(method + " " + path + ": " + status + " has no type " + type);
    }
    return type.contains("json") ? validate(schema, body) : List.of();
  }

  private JsonNode resolved(JsonNode node) {
    String reference = node.path("$ref").asString("");
    return reference.isEmpty() ? node : root.at(reference.substring(1));
  }

  private List<String> validate(JsonNode schema, String body) {
    ObjectNode whole = Json.MAPPER.createObjectNode();
    whole.set("components", root.path("components"));
    whole.putArray("allOf").add(schema);
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(whole.toString(), InputFormat.JSON);
    return compiled.validate(body, InputFormat.JSON).stream().map(Object::toString).toList();
  }
}
