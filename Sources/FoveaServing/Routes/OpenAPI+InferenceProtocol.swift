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
            "summary": "Whether the server answers, and no worker is stuck in a pass.",
            "responses": {
              "200": {
                "headers": {\#(requestID)},
                "description": "It does.",
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
            "summary": "Whether every model was loaded or refused, and the server does not drain.",
            "responses": {
              "200": {
                "headers": {\#(requestID)},
                "description": "It is ready.",
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
            "summary": "Every version of every model, and where it stands.",
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
            "shape": {"type": "array", "items": {"type": "integer", "minimum": -1}, "description": "-1 is the number of pictures."}
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
                  "data": {"type": "array", "description": "Row-major, flat or in rows; of BYTES the pictures in base64."}
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
                  "name": {"type": "string", "description": "logits, probabilities, attention/{layer}/{kind}, or cam where the model offers it."},
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
        return #"""
            "/v2/repository/models/{name}/\#(action)": {
              "post": {
                "operationId": "v2Repository\#(action)",
                "summary": "For admins: reads a model's directory again, or lets the model go.",
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
                "summary": "Whether the model answers requests.",
                "responses": {
                  "200": {
                    "headers": {\#(requestID)},
                    "description": "It does.",
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
                "summary": "Classifies pictures, encoded or as the network's input itself.",
                "parameters": [
                  {
                    "name": "Inference-Header-Content-Length",
                    "in": "header",
                    "required": false,
                    "schema": {"type": "integer", "minimum": 0},
                    "description": "The bytes of JSON in front of tensors that are sent as bytes; 0 where the body is one picture."
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
                    "description": "The outputs; as soon as one is sent as bytes, JSON with the bytes behind it.",
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
