/// The description of the HTTP interface (OpenAPI 3.1), as `GET /openapi.json` answers it. A route that is added is added here too; a test compares both.
enum OpenAPI {
    static let document = #"""
        {
          "openapi": "3.1.0",
          "info": {
            "title": "Fovea",
            "version": "1",
            "summary": "Image classifiers with their attention maps.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
          },
          "security": [{}, {"bearer": []}],
          "paths": {
            "/classify": {
              "post": {
                "operationId": "classify",
                "summary": "Classifies one or several pictures and returns the network's attention maps.",
                "parameters": [
                  {
                    "name": "model",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "minLength": 1},
                    "description": "The model's name; the default model if absent."
                  },
                  {
                    "name": "version",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "minLength": 1},
                    "description": "The model's version; the highest one that is served if absent."
                  },
                  {
                    "name": "top_k",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "integer", "minimum": 1, "default": 5},
                    "description": "Number of top classes to return."
                  },
                  {
                    "name": "attention",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "enum": ["maps", "summary", "none"], "default": "maps"},
                    "description": "maps with their values, a summary of each map in place of its values, or none."
                  },
                  {
                    "name": "layers",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "minLength": 1},
                    "description": "Layer names or globs, separated by commas; all layers if absent."
                  },
                  {
                    "name": "map_size",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "integer", "minimum": 0, "default": 32},
                    "description": "Spatial maps larger than this are averaged down to it; 0 keeps each layer's own size."
                  },
                  \#(explanationParameters),
                  {
                    "name": "overlay",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "enum": ["none", "png"], "default": "none"},
                    "description": "png also returns each spatial map and explanation drawn over the picture; 32 drawings at most."
                  },
                  {
                    "name": "colormap",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "enum": ["viridis", "inferno", "jet", "gray"], "default": "viridis"},
                    "description": "The drawings' colours, from a map's minimum to its maximum."
                  },
                  {
                    "name": "format",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "enum": ["json", "npy"], "default": "json"},
                    "description": "npy returns the maps of one picture as a NumPy file: .npy for one map, .npz for several."
                  }
                ],
                "requestBody": {
                  "required": true,
                  "content": {
                    "image/jpeg": {"schema": {}},
                    "image/png": {"schema": {}},
                    "application/octet-stream": {"schema": {}},
                    "multipart/form-data": {
                      "schema": {
                        "type": "object",
                        "required": ["image"],
                        "properties": {
                          "image": {"type": "array", "minItems": 1, "items": {"type": "string", "contentMediaType": "application/octet-stream"}},
                          "model": {"type": "string", "minLength": 1},
                          "version": {"type": "string", "minLength": 1},
                          "top_k": {"type": "integer", "minimum": 1, "default": 5},
                          "attention": {"type": "string", "enum": ["maps", "summary", "none"], "default": "maps"},
                          "layers": {"type": "string", "minLength": 1},
                          "map_size": {"type": "integer", "minimum": 0, "default": 32},
                          \#(explanationProperties),
                          "overlay": {"type": "string", "enum": ["none", "png"], "default": "none"},
                          "colormap": {"type": "string", "enum": ["viridis", "inferno", "jet", "gray"], "default": "viridis"},
                          "format": {"type": "string", "enum": ["json", "npy"], "default": "json"}
                        }
                      }
                    },
                    "application/json": {
                      "schema": {
                        "type": "object",
                        "properties": {
                          "image": {"type": "string", "contentEncoding": "base64"},
                          "images": {"type": "array", "minItems": 1, "items": {"type": "string", "contentEncoding": "base64"}},
                          "model": {"type": "string", "minLength": 1},
                          "version": {"type": "string", "minLength": 1},
                          "top_k": {"type": "integer", "minimum": 1, "default": 5},
                          "attention": {"type": "string", "enum": ["maps", "summary", "none"], "default": "maps"},
                          "layers": {"type": "string", "minLength": 1},
                          "map_size": {"type": "integer", "minimum": 0, "default": 32},
                          \#(explanationProperties),
                          "overlay": {"type": "string", "enum": ["none", "png"], "default": "none"},
                          "colormap": {"type": "string", "enum": ["viridis", "inferno", "jet", "gray"], "default": "viridis"},
                          "format": {"type": "string", "enum": ["json", "npy"], "default": "json"}
                        },
                        "oneOf": [{"required": ["image"]}, {"required": ["images"]}]
                      }
                    }
                  }
                },
                "responses": {
                  "200": {
                    "headers": {\#(requestID)},
                    "description": "The result of one picture; for several, a list with a result or a problem for each, in the order sent.",
                    "content": {
                      "application/json": {"schema": {"oneOf": [{"$ref": "#/components/schemas/Classification"}, {"$ref": "#/components/schemas/Classifications"}]}},
                      "application/octet-stream": {"schema": {}}
                    }
                  },
                  \#(problems([400, 401, 403, 404, 408, 411, 413, 415, 422, 429, 500, 503, 504]))
                }
              }
            },
            \#(modelPaths),
            \#(operationsPaths),
            \#(torchServePaths),
            \#(inferencePaths)
          },
          "components": {
            "securitySchemes": {
              "bearer": {"type": "http", "scheme": "bearer", "description": "A token from --token-file or --admin-token-file (RFC 6750)."}
            },
            "headers": {
              \#(sharedHeaders)
            },
            "responses": {
              \#(sharedResponses)
            },
            "schemas": {
              \#(inferenceSchemas),
              \#(explanationSchemas),
              "Problem": {
                "type": "object",
                "description": "RFC 9457.",
                "required": ["type", "title", "status", "detail", "request_id"],
                "properties": {
                  "type": {"type": "string"},
                  "title": {"type": "string"},
                  "status": {"type": "integer"},
                  "detail": {"type": "string"},
                  "request_id": {"type": "string"}
                }
              },
              "Status": {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}},
              "Classifications": {
                "type": "object",
                "required": ["results"],
                "properties": {
                  "results": {
                    "type": "array",
                    "items": {"oneOf": [{"$ref": "#/components/schemas/Classification"}, {"$ref": "#/components/schemas/Problem"}]}
                  }
                }
              },
              "Classification": {
                "type": "object",
                "required": ["model", "version", "predictions", "attention", "image", "timing_ms", "batch_size"],
                "properties": {
                  "model": {"type": "string"},
                  "version": {"type": "string"},
                  "predictions": {
                    "type": "array",
                    "description": "The top classes, the best first.",
                    "items": {
                      "type": "object",
                      "required": ["index", "label", "probability", "logit"],
                      "properties": {
                        "index": {"type": "integer", "minimum": 0},
                        "label": {"type": "string"},
                        "probability": {"type": "number", "minimum": 0, "maximum": 1},
                        "logit": {"type": "number"}
                      }
                    }
                  },
                  "attention": {"type": "array", "items": {"$ref": "#/components/schemas/Attention"}},
                  "explanation": {"type": "array", "description": "Only with explain.", "items": {"$ref": "#/components/schemas/Explanation"}},
                  "image": {
                    "type": "object",
                    "required": ["width", "height", "orientation", "crop"],
                    "properties": {
                      "width": {"type": "integer", "minimum": 0},
                      "height": {"type": "integer", "minimum": 0},
                      "orientation": {"type": "integer", "minimum": 1, "maximum": 8},
                      "crop": {
                        "type": "object",
                        "description": "The part of the upright picture that the network saw, in pixels.",
                        "required": ["x", "y", "width", "height"],
                        "properties": {"x": {"type": "number"}, "y": {"type": "number"}, "width": {"type": "number"}, "height": {"type": "number"}}
                      }
                    }
                  },
                  "timing_ms": {
                    "type": "object",
                    "required": ["decode", "preprocess", "queue", "inference", "total"],
                    "properties": {
                      "decode": {"type": "number"},
                      "preprocess": {"type": "number"},
                      "queue": {"type": "number"},
                      "inference": {"type": "number"},
                      "total": {"type": "number"}
                    }
                  },
                  "batch_size": {"type": "integer", "minimum": 1}
                }
              },
              "Attention": {
                "type": "object",
                "required": ["layer", "kind", "shape", "min", "max", "mean"],
                "properties": {
                  "layer": {"type": "string"},
                  "kind": {
                    "type": "string",
                    "enum": [
                      "channel",
                      "spatial",
                      "filter",
                      "kernel",
                      "kernel_spatial",
                      "branch",
                      "group_spatial",
                      "gather",
                      "distribute",
                      "offset",
                      "mask"
                    ]
                  },
                  "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}, "description": "The shape of values."},
                  "size": {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 0},
                    "description": "The layer's own height and width; spatial kinds only."
                  },
                  "min": {"type": ["number", "null"]},
                  "max": {"type": ["number", "null"]},
                  "mean": {"type": ["number", "null"]},
                  "values": {
                    "type": "array",
                    "items": {"type": ["number", "null"]},
                    "description": "Row-major, never rescaled; null where a value is not finite."
                  },
                  "highest": {
                    "type": "array",
                    "maxItems": 5,
                    "items": {"$ref": "#/components/schemas/AttentionElement"},
                    "description": "The channels, filters, kernels or branches with the highest weights; only in a summary."
                  },
                  "lowest": {
                    "type": "array",
                    "maxItems": 5,
                    "items": {"$ref": "#/components/schemas/AttentionElement"},
                    "description": "Those with the lowest weights; only in a summary."
                  },
                  "entropy": {
                    "type": "number",
                    "minimum": 0,
                    "maximum": 1,
                    "description": "1 if all elements have the same weight, 0 if one element has all of it; only in a summary."
                  },
                  "share_in_cam": {
                    "type": "number",
                    "minimum": 0,
                    "maximum": 1,
                    "description": "The share of the attention in the quarter of the picture where the first explanation is highest; only in a summary with explain."
                  },
                  "overlay": {
                    "type": "string",
                    "contentEncoding": "base64",
                    "contentMediaType": "image/png",
                    "description": "The map drawn over the picture; only with overlay."
                  }
                }
              },
              "AttentionElement": {
                "type": "object",
                "required": ["index", "weight"],
                "properties": {
                  "index": {
                    "oneOf": [{"type": "integer", "minimum": 0}, {"type": "array", "items": {"type": "integer", "minimum": 0}}],
                    "description": "Its index in the map; a list if the map has several axes."
                  },
                  "weight": {"type": "number"}
                }
              },
              \#(modelSchemas)
            }
          }
        }
        """#
}
