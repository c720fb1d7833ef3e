/// The Open Inference Protocol's part of the description.
extension OpenAPI {
    /// Paths below `/v2`.
    static var inferencePaths: String {
        #"""
        "/v2": {"get": \#(serverMetadata("v2Server"))},
        "/v2/": {"get": \#(serverMetadata("v2ServerWithSlash"))},
        "/v2/health/live": {
          "get": {
            "operationId": "v2Live",
            "security": [],
            "summary": "Liveness probe: 503 if a worker is stuck in a pass.",
            "responses": {
              "200": {
                "headers": {\#(requestID)},
                "description": "The server is live.",
                "content": {
                  "application/json": {
                    "schema": {"type": "object", "required": ["live"], "properties": {"live": {"type": "boolean"}}}
                  }
                }
              },
              \#(inferenceErrors([503]))
            }
          }
        },
        "/v2/health/ready": {
          "get": {
            "operationId": "v2Ready",
            "security": [],
            "summary": "Readiness probe: 503 until every model was loaded or refused, and while the server drains.",
            "responses": {
              "200": {
                "headers": {\#(requestID)},
                "description": "The server is ready.",
                "content": {
                  "application/json": {
                    "schema": {"type": "object", "required": ["ready"], "properties": {"ready": {"type": "boolean"}}}
                  }
                }
              },
              \#(inferenceErrors([503]))
            }
          }
        },
        \#(modelPaths(version: false)),
        \#(modelPaths(version: true)),
        "/v2/repository/index": {
          "post": {
            "operationId": "v2RepositoryIndex",
            "summary": "Lists every version of every model with its state.",
            "requestBody": {
              "content": {
                "application/json": {"schema": {"type": "object", "properties": {"ready": {"type": "boolean"}}}}
              }
            },
            "responses": {
              "200": {
                "headers": {\#(requestID)},
                "description": "The models.",
                "content": {
                  "application/json": {
                    "schema": {
                      "type": "array",
                      "items": {
                        "type": "object",
                        "required": ["name", "version", "state", "reason"],
                        "properties": {
                          "name": {"type": "string"},
                          "version": {"type": "string"},
                          "state": {"type": "string", "enum": ["READY", "LOADING", "UNAVAILABLE"]},
                          "reason": {"type": "string"}
                        }
                      }
                    }
                  }
                }
              },
              \#(inferenceErrors([400, 401, 403, 408, 413, 429]))
            }
          }
        },
        \#(repositoryPath("load")),
        \#(repositoryPath("unload"))
        """#
    }

    /// The protocol's objects.
    static let inferenceSchemas = #"""
        "InferenceError": {
          "type": "object",
          "required": ["error"],
          "properties": {"error": {"type": "string"}},
          "additionalProperties": false
        },
        "InferenceTensorMetadata": {
          "type": "object",
          "required": ["name", "datatype", "shape"],
          "properties": {
            "name": {"type": "string"},
            "datatype": {"type": "string", "enum": ["FP32", "BYTES"]},
            "shape": {"type": "array", "items": {"type": "integer", "minimum": -1}, "description": "-1 stands for the number of pictures."}
          }
        },
        "InferenceParameters": {
          "type": "object",
          "additionalProperties": {"type": ["string", "number", "boolean"]}
        },
        "InferenceRequest": {
          "type": "object",
          "required": ["inputs"],
          "properties": {
            "id": {"type": "string"},
            "parameters": {
              "allOf": [{"$ref": "#/components/schemas/InferenceParameters"}],
              "properties": {"binary_data_output": {"type": "boolean", "default": false}}
            },
            "inputs": {
              "type": "array",
              "minItems": 1,
              "maxItems": 1,
              "items": {
                "type": "object",
                "required": ["name", "shape", "datatype"],
                "properties": {
                  "name": {"type": "string", "enum": ["input", "image"]},
                  "datatype": {"type": "string", "enum": ["FP32", "BYTES"]},
                  "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}},
                  "parameters": {
                    "allOf": [{"$ref": "#/components/schemas/InferenceParameters"}],
                    "properties": {"binary_data_size": {"type": "integer", "minimum": 0}}
                  },
                  "data": {"type": "array", "description": "Row-major, flat or nested; for BYTES, pictures in base64."}
                }
              }
            },
            "outputs": {
              "type": "array",
              "description": "By default logits and probabilities.",
              "items": {
                "type": "object",
                "required": ["name"],
                "properties": {
                  "name": {"type": "string", "description": "logits, probabilities, attention/{layer}/{kind}, or cam if the model has it."},
                  "parameters": {
                    "allOf": [{"$ref": "#/components/schemas/InferenceParameters"}],
                    "properties": {"binary_data": {"type": "boolean"}, "classification": {"type": "integer", "minimum": 0}, "class": {"type": "integer", "minimum": 0}}
                  }
                }
              }
            }
          }
        },
        "InferenceResponse": {
          "type": "object",
          "required": ["model_name", "model_version", "outputs"],
          "properties": {
            "model_name": {"type": "string"},
            "model_version": {"type": "string"},
            "id": {"type": "string"},
            "outputs": {
              "type": "array",
              "items": {
                "allOf": [{"$ref": "#/components/schemas/InferenceTensorMetadata"}],
                "properties": {
                  "parameters": {"type": "object", "properties": {"binary_data_size": {"type": "integer", "minimum": 0}}},
                  "data": {"type": "array", "items": {"type": ["number", "string", "null"]}}
                }
              }
            }
          }
        }
        """#

    private static func serverMetadata(_ operation: String) -> String {
        #"""
        {
          "operationId": "\#(operation)",
          "summary": "The server's name, version and extensions.",
          "responses": {
            "200": {
              "headers": {\#(requestID)},
              "description": "The metadata.",
              "content": {
                "application/json": {
                  "schema": {
                    "type": "object",
                    "required": ["name", "version", "extensions"],
                    "properties": {
                      "name": {"type": "string"},
                      "version": {"type": "string"},
                      "extensions": {"type": "array", "items": {"type": "string"}}
                    }
                  }
                }
              }
            },
            \#(inferenceErrors([401, 403]))
          }
        }
        """#
    }

    /// A change of what is served.
    private static func repositoryPath(_ action: String) -> String {
        let summary =
            action == "load"
            ? "Loads a model from its directory again; for admins." : "Unloads a model until it is loaded again; for admins."
        return #"""
            "/v2/repository/models/{name}/\#(action)": {
              "post": {
                "operationId": "v2Repository\#(action)",
                "summary": "\#(summary)",
                "security": [{"bearer": []}],
                "parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}],
                "requestBody": {
                  "content": {
                    "application/json": {
                      "schema": {"type": "object", "properties": {"parameters": {"$ref": "#/components/schemas/InferenceParameters"}}}
                    }
                  }
                },
                "responses": {
                  "200": {
                    "headers": {\#(requestID)},
                    "description": "Done.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "required": ["name", "\#(action)"],
                          "properties": {"name": {"type": "string"}, "\#(action)": {"type": "boolean"}}
                        }
                      }
                    }
                  },
                  \#(inferenceErrors([400, 401, 403, 404, 408, 409, 413, 429, 503]))
                }
              }
            }
            """#
    }

    /// The three paths of a model, with or without a version in them.
    private static func modelPaths(version: Bool) -> String {
        let path = version ? "/v2/models/{name}/versions/{version}" : "/v2/models/{name}"
        let suffix = version ? "OfVersion" : ""
        let versionParameter = #", {"name": "version", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}"#
        let parameters =
            #""parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}"#
            + (version ? versionParameter : "") + "]"
        return #"""
            "\#(path)": {
              \#(parameters),
              "get": {
                "operationId": "v2Model\#(suffix)",
                "summary": "The model's versions, inputs and outputs.",
                "responses": {
                  "200": {
                    "headers": {\#(requestID)},
                    "description": "The metadata.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "required": ["name", "versions", "platform", "inputs", "outputs"],
                          "properties": {
                            "name": {"type": "string"},
                            "versions": {"type": "array", "items": {"type": "string"}},
                            "platform": {"type": "string"},
                            "inputs": {"type": "array", "items": {"$ref": "#/components/schemas/InferenceTensorMetadata"}},
                            "outputs": {"type": "array", "items": {"$ref": "#/components/schemas/InferenceTensorMetadata"}}
                          }
                        }
                      }
                    }
                  },
                  \#(inferenceErrors([400, 401, 403, 404, 429, 503]))
                }
              }
            },
            "\#(path)/ready": {
              \#(parameters),
              "get": {
                "operationId": "v2ModelReady\#(suffix)",
                "summary": "Readiness of one model.",
                "responses": {
                  "200": {
                    "headers": {\#(requestID)},
                    "description": "The model is ready.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "required": ["name", "ready"],
                          "properties": {"name": {"type": "string"}, "ready": {"type": "boolean"}}
                        }
                      }
                    }
                  },
                  \#(inferenceErrors([400, 401, 403, 404, 503]))
                }
              }
            },
            "\#(path)/infer": {
              \#(parameters),
              "post": {
                "operationId": "v2Infer\#(suffix)",
                "summary": "Runs inference on encoded pictures or preprocessed tensors.",
                "parameters": [
                  {
                    "name": "Inference-Header-Content-Length",
                    "in": "header",
                    "required": false,
                    "schema": {"type": "integer", "minimum": 0},
                    "description": "The length of the JSON in bytes, if binary tensors follow it; 0 if the body is one picture."
                  }
                ],
                "requestBody": {
                  "required": true,
                  "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/InferenceRequest"}},
                    "application/octet-stream": {"schema": {}}
                  }
                },
                "responses": {
                  "200": {
                    "description": "The outputs as JSON; behind it the binary ones, if there are any.",
                    "headers": {\#(requestID), "Inference-Header-Content-Length": {"schema": {"type": "integer"}}},
                    "content": {
                      "application/json": {"schema": {"$ref": "#/components/schemas/InferenceResponse"}},
                      "application/octet-stream": {"schema": {}}
                    }
                  },
                  \#(inferenceErrors([400, 401, 403, 404, 408, 411, 413, 415, 422, 429, 500, 503, 504]))
                }
              }
            }
            """#
    }
}
