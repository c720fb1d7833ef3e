/// The part of the description that tells of the models: what is served, and how it is loaded and unloaded.
extension OpenAPI {
    static let modelPaths = #"""
        "/models": {
          "get": {
            "operationId": "listModels",
            "summary": "Lists every version of every model.",
            "responses": {
              "200": {
                "headers": {\#(requestID)},
                "description": "The models.",
                "content": {
                  "application/json": {
                    "schema": {
                      "type": "object",
                      "required": ["models"],
                      "properties": {"models": {"type": "array", "items": {"$ref": "#/components/schemas/Model"}}}
                    }
                  }
                }
              },
              \#(problems([401, 403, 429]))
            }
          }
        },
        "/models/{name}": {
          "get": {
            "operationId": "getModel",
            "summary": "Returns one model, with its labels, preprocessing and layers.",
            "parameters": [
              {"name": "name", "in": "path", "required": true, "schema": {"type": "string"}},
              {
                "name": "version",
                "in": "query",
                "required": false,
                "schema": {"type": "string"},
                "description": "The version; the highest one that is served if absent."
              }
            ],
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "The model.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ModelDetail"}}}},
              \#(problems([400, 401, 403, 404, 429]))
            }
          }
        },
        "/models/{name}/load": {
          "post": {
            "operationId": "loadModel",
            "summary": "Loads a model from its directory again; the one loaded before answers requests until then. 409 if a version was refused. Only with --admin-token-file.",
            "security": [{"bearer": []}],
            "parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "The model is served.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ModelDetail"}}}},
              \#(problems([400, 401, 403, 404, 408, 409, 413, 429, 503]))
            }
          }
        },
        "/models/{name}/unload": {
          "post": {
            "operationId": "unloadModel",
            "summary": "Unloads a model until it is loaded again; the default model stays the default. Only with --admin-token-file.",
            "security": [{"bearer": []}],
            "parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {
              "200": {"headers": {\#(requestID)}, "description": "The model is unloaded.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ModelDetail"}}}},
              \#(problems([400, 401, 403, 404, 408, 413, 429]))
            }
          }
        }
        """#

    static let modelSchemas = #"""
        "Model": {
          "type": "object",
          "required": ["name", "version", "architecture", "state", "default", "input_size", "num_classes", "parameters", "attention_layers"],
          "properties": {
            "name": {"type": "string"},
            "version": {"type": "string"},
            "architecture": {"type": ["string", "null"]},
            "state": {"type": "string", "enum": ["loading", "ready", "refused", "unloaded"]},
            "default": {"type": "boolean"},
            "input_size": {"type": ["array", "null"], "items": {"type": "integer", "minimum": 0}},
            "num_classes": {"type": ["integer", "null"]},
            "parameters": {"type": ["integer", "null"]},
            "attention_layers": {"type": ["array", "null"], "items": {"type": "string"}},
            "reason": {"type": "string", "description": "Why it was refused."}
          }
        },
        "ModelDetail": {
          "allOf": [
            {"$ref": "#/components/schemas/Model"},
            {
              "type": "object",
              "properties": {
                "labels": {"type": "array", "items": {"type": "string"}},
                "preprocessing": {
                  "type": "object",
                  "properties": {
                    "input_size": {"type": "array", "items": {"type": "integer", "minimum": 0}},
                    "interpolation": {"type": "string"},
                    "crop_pct": {"type": "number"},
                    "crop_mode": {"type": "string"},
                    "mean": {"type": "array", "items": {"type": "number"}},
                    "std": {"type": "array", "items": {"type": "number"}},
                    "orientation": {"type": "string"}
                  }
                },
                "explanation": {"$ref": "#/components/schemas/ExplanationLayers"},
                "multiply_adds": {"type": "integer", "minimum": 0, "description": "Of one picture's pass."},
                "layers": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "name": {"type": "string"},
                      "operation": {"type": "string"},
                      "output_shape": {"type": "array", "items": {"type": "integer", "minimum": 0}},
                      "parameters": {"type": "integer", "minimum": 0},
                      "multiply_adds": {"type": "integer", "minimum": 0},
                      "attention_kinds": {"type": "array", "items": {"type": "string"}}
                    }
                  }
                }
              }
            }
          ]
        }
        """#
}
