/// The part of the description that browsers and Prometheus ask.
extension OpenAPI {
    /// The page and the metrics.
    static let operationsPaths = #"""
        "/": {
          "get": {
            "operationId": "page",
            "summary": "A web page: drop a picture, see the classes and every map over it.",
            "security": [],
            "responses": {"200": {"description": "The page.", "content": {"text/html": {"schema": {"type": "string"}}}}}
          }
        },
        "/page/{file}": {
          "get": {
            "operationId": "pageFile",
            "summary": "What the page is made of.",
            "security": [],
            "parameters": [
              {
                "name": "file",
                "in": "path",
                "required": true,
                "schema": {"type": "string", "enum": ["page.css", "page.js", "sample.jpg"]}
              }
            ],
            "responses": {
              "200": {
                "description": "The file.",
                "content": {
                  "text/css": {"schema": {"type": "string"}},
                  "text/javascript": {"schema": {"type": "string"}},
                  "image/jpeg": {"schema": {}}
                }
              },
              "400": {"$ref": "#/components/responses/Problem"},
              "404": {"$ref": "#/components/responses/Problem"}
            }
          }
        },
        "/metrics": {
          "get": {
            "operationId": "metrics",
            "summary": "Counts and times for Prometheus.",
            "responses": {
              "200": {
                "description": "Prometheus' text format, version 0.0.4.",
                "content": {"text/plain": {"schema": {"type": "string"}}}
              },
              "401": {"$ref": "#/components/responses/Unauthorized"},
              "403": {"$ref": "#/components/responses/Forbidden"}
            }
          }
        }
        """#
}
