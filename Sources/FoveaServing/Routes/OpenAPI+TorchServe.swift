/// The part of the description that TorchServe's clients know.
extension OpenAPI {
    /// `/ping` and `/predictions`.
    static var torchServePaths: String {
        #"""
        "/ping": {
          "get": {
            "operationId": "ping",
            "security": [],
            "summary": "Whether every model was loaded or refused, and the server does not drain.",
            "responses": {
              "200": {"description": "It is ready.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}},
              \#(problems([503]))
            }
          }
        },
        \#(predictions(version: false)),
        \#(predictions(version: true))
        """#
    }

    /// Problem documents for these status codes.
    static func problems(_ codes: [Int]) -> String {
        codes.map { ##""\##($0)": {"$ref": "#/components/responses/Problem"}"## }.joined(separator: ", ")
    }

    private static func predictions(version: Bool) -> String {
        let operations = ["post", "put"].map { method in
            #"""
            "\#(method)": {
              "operationId": "\#(method)Predictions\#(version ? "OfVersion" : "")",
              "summary": "The five best classes of one picture.",
              "requestBody": {
                "required": true,
                "content": {
                  "image/jpeg": {"schema": {}},
                  "image/png": {"schema": {}},
                  "application/octet-stream": {"schema": {}},
                  "multipart/form-data": {
                    "schema": {
                      "type": "object",
                      "required": ["data"],
                      "properties": {"data": {"type": "string", "contentMediaType": "application/octet-stream"}}
                    }
                  }
                }
              },
              "responses": {
                "200": {
                  "description": "Labels with their probabilities, the best first.",
                  "content": {
                    "application/json": {
                      "schema": {"type": "object", "additionalProperties": {"type": ["number", "null"], "minimum": 0, "maximum": 1}}
                    }
                  }
                },
                \#(problems([400, 401, 403, 404, 408, 411, 413, 415, 422, 429, 500, 503, 504]))
              }
            }
            """#
        }
        let versionParameter = #", {"name": "version", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}"#
        return #"""
            "/predictions/{name}\#(version ? "/{version}" : "")": {
              "parameters": [
                {"name": "name", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}\#(version ? versionParameter : "")
              ],
              \#(operations.joined(separator: ",\n"))
            }
            """#
    }
}
