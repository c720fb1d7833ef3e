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
                "summary": "Classifies one picture or several, and hands out what the network's attention computed.",
                "parameters": [
                  {
                    "name": "model",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "minLength": 1},
                    "description": "The model; the default one where absent."
                  },
                  {
                    "name": "version",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "minLength": 1},
                    "description": "The model's version; the highest where absent."
                  },
                  {
                    "name": "top_k",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "integer", "minimum": 1, "default": 5},
                    "description": "How many of the best classes are told."
                  },
                  {
                    "name": "attention",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "enum": ["maps", "summary", "none"], "default": "maps"},
                    "description": "Maps with their values, what a person reads of them, or none."
                  },
                  {
                    "name": "layers",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "minLength": 1},
                    "description": "Layer names or globs, separated by commas; all layers where absent."
                  },
                  {
                    "name": "map_size",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "integer", "minimum": 0, "default": 32},
                    "description": "Spatial maps larger than this are area-averaged down to fit it; 0 keeps each layer's own size."
                  },
                  \#(explanationParameters),
                  {
                    "name": "overlay",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "enum": ["none", "png"], "default": "none"},
                    "description": "png draws each spatial map over the picture; 32 drawings at most."
                  },
                  {
                    "name": "colormap",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "enum": ["viridis", "inferno", "jet", "gray"], "default": "viridis"},
                    "description": "The drawings' colours, from a map's least to its greatest value."
                  },
                  {
                    "name": "format",
                    "in": "query",
                    "required": false,
                    "schema": {"type": "string", "enum": ["json", "npy"], "default": "json"},
                    "description": "npy answers the maps of one picture as NumPy's file: .npy for one, .npz for several."
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
                    "description": "One picture's answer, or for several an answer or a problem each, in the order sent.",
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
              "bearer": {"type": "http", "scheme": "bearer", "description": "A token of --token-file or --admin-token-file (RFC 6750)."}
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
                    "description": "The best classes, the best first.",
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
                  "explanation": {"type": "array", "description": "Where explain was asked for.", "items": {"$ref": "#/components/schemas/Explanation"}},
                  "image": {
                    "type": "object",
                    "required": ["width", "height", "orientation", "crop"],
                    "properties": {
                      "width": {"type": "integer", "minimum": 0},
                      "height": {"type": "integer", "minimum": 0},
                      "orientation": {"type": "integer", "minimum": 1, "maximum": 8},
                      "crop": {
                        "type": "object",
                        "description": "What the network saw of the upright picture, in its pixels.",
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
                  "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}, "description": "Of values."},
                  "size": {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 0},
                    "description": "The layer's own height and width; spatial kinds only."
                  },
                  "min": {"type": "number"},
                  "max": {"type": "number"},
                  "mean": {"type": "number"},
                  "values": {"type": "array", "items": {"type": "number"}, "description": "Row-major, never rescaled."},
                  "highest": {
                    "type": "array",
                    "maxItems": 5,
                    "items": {"$ref": "#/components/schemas/AttentionElement"},
                    "description": "The most weighted channels, filters, kernels or branches; of a summary."
                  },
                  "lowest": {
                    "type": "array",
                    "maxItems": 5,
                    "items": {"$ref": "#/components/schemas/AttentionElement"},
                    "description": "The least weighted ones; of a summary."
                  },
                  "entropy": {
                    "type": "number",
                    "minimum": 0,
                    "maximum": 1,
                    "description": "1 where the attention is the same everywhere, 0 where one element has all; of a summary."
                  },
                  "share_in_cam": {
                    "type": "number",
                    "minimum": 0,
                    "maximum": 1,
                    "description": "The attention within the quarter of the places with the greatest class activation; of a summary beside a class activation map."
                  },
                  "overlay": {
                    "type": "string",
                    "contentEncoding": "base64",
                    "contentMediaType": "image/png",
                    "description": "The map over the picture; where it was asked for."
                  }
                }
              },
              "AttentionElement": {
                "type": "object",
                "required": ["index", "weight"],
                "properties": {
                  "index": {
                    "oneOf": [{"type": "integer", "minimum": 0}, {"type": "array", "items": {"type": "integer", "minimum": 0}}],
                    "description": "Its place in the map; one number for each axis where it has several."
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
