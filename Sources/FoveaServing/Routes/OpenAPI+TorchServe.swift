/// The part of the description that TorchServe's clients know.
extension OpenAPI {
    /// `/ping`, `/predictions` and `/explanations`.
    static var torchServePaths: String {
        #"""
        "/ping": {
          "get": {
            "operationId": "ping",
            "security": [],
            "summary": "Readiness probe: 503 until every model was loaded or refused, and while the server drains.",
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "The server is ready.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}},
              \#(problems([503]))
            }
          }
        },
        \#(paths("predictions", version: false)),
        \#(paths("predictions", version: true)),
        \#(paths("explanations", version: false)),
        \#(paths("explanations", version: true))
        """#
    }

    /// The paths of one kind of answer, which differ in what they answer alone.
    private static func paths(_ kind: String, version: Bool) -> String {
        let explains = kind == "explanations"
        let summary = explains ? "The class activation map of one picture." : "The top five classes of one picture."
        let content =
            explains
            ? #"{"type": "array", "items": {"type": "array", "items": {"type": "number"}}}"#
            : #"{"type": "object", "additionalProperties": {"type": ["number", "null"], "minimum": 0, "maximum": 1}}"#
        let description =
            explains
            ? "The map's rows; positive values are evidence for the class." : "Labels with their probabilities, the best first."
        let operations = ["post", "put"].map { method in
            #"""
            "\#(method)": {
              "operationId": "\#(method)\#(kind.capitalized)\#(version ? "OfVersion" : "")",
              "summary": "\#(summary)",
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
                  "headers": {\#(requestID)},
                  "description": "\#(description)",
                  "content": {"application/json": {"schema": \#(content)}}
                },
                \#(problems([400, 401, 403, 404, 408, 411, 413, 415, 422, 429, 500, 503, 504]))
              }
            }
            """#
        }
        let versionParameter = #", {"name": "version", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}"#
        let classParameter =
            #", {"name": "class", "in": "query", "required": false, "schema": {"type": "integer", "minimum": 0}, "description": "The index of the class to explain; the top class if absent."}"#
        return #"""
            "/\#(kind)/{name}\#(version ? "/{version}" : "")": {
              "parameters": [
                {"name": "name", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}\#(version ? versionParameter : "")\#(explains ? classParameter : "")
              ],
              \#(operations.joined(separator: ",\n"))
            }
            """#
    }
}
