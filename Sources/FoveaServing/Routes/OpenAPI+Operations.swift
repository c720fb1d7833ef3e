/// The part of the description that browsers, Prometheus and whoever watches over the process ask.
extension OpenAPI {
    /// The page, the metrics, the probes and the description itself.
    static let operationsPaths = #"""
        "/": {
          "get": {
            "operationId": "page",
            "summary": "A web page: drop a picture, see the classes and every map over it.",
            "security": [],
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "The page.", "content": {"text/html": {"schema": {"type": "string"}}}}
            }
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
                "headers": {\#(requestID)},
                "description": "The file.",
                "content": {
                  "text/css": {"schema": {"type": "string"}},
                  "text/javascript": {"schema": {"type": "string"}},
                  "image/jpeg": {"schema": {}}
                }
              },
              \#(problems([400, 404, 429]))
            }
          }
        },
        "/livez": {
          "get": {
            "operationId": "live",
            "security": [],
            "summary": "Whether the process is well.",
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "It is.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}},
              \#(problems([503]))
            }
          }
        },
        "/readyz": {
          "get": {
            "operationId": "ready",
            "security": [],
            "summary": "Whether every model was loaded or refused, and the server does not drain.",
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "It is ready.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}},
              \#(problems([503]))
            }
          }
        },
        "/openapi.json": {
          "get": {
            "operationId": "openapi",
            "summary": "This document.",
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}},
              \#(problems([401, 403, 429]))
            }
          }
        },
        "/metrics": {
          "get": {
            "operationId": "metrics",
            "summary": "Counts and times for Prometheus.",
            "responses": {
              "200": {
                "headers": {\#(requestID)},
                "description": "Prometheus' text format, version 0.0.4.",
                "content": {"text/plain": {"schema": {"type": "string"}}}
              },
              \#(problems([401, 403, 429]))
            }
          }
        }
        """#
}
