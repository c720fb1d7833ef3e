/// The part of the description for browsers, Prometheus and orchestrators.
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
            "summary": "A file of the web page.",
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
            "summary": "Liveness probe: 503 if a worker is stuck in a pass.",
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "The process is live.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}},
              \#(problems([503]))
            }
          }
        },
        "/readyz": {
          "get": {
            "operationId": "ready",
            "security": [],
            "summary": "Readiness probe: 503 until every model was loaded or refused, and while the server drains.",
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "The server is ready.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}},
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
            "summary": "Metrics for Prometheus.",
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
